import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import type { Info } from '../info.js'
import { inWords } from '../in-words.js'
import { statusBelow } from '../status-of.js'
import type { World } from '../world.js'

const FEWEST_READS = 1000
/** Until then a cache fills. */
const WARM_S = 600

export const hitRatioCheck: ServerCheck = {
  on: 'server',
  id: 'HIT-001',
  group: 'memory',
  title: 'hit ratio',
  unit: '% of reads',
  threshold: {
    warn: 80,
    fail: 50,
    source: 'below 80 %: redis/agent-skills; below 50 %: Redis observability guide, for caches',
  },
  worse: 'below',
  deadlineMs: 6000,
  privileges: '+info',
  run: (_client, world, threshold) => judge(world, threshold),
  overRest: judge,
}

async function judge(world: World, threshold: Parameters<typeof statusBelow>[1]): Promise<Finding> {
  const { after, seconds, grew } = await world.interval()
  const [hits, misses] = [grew('keyspace_hits'), grew('keyspace_misses')]
  if (hits === null || misses === null) {
    return { status: 'skip', message: 'INFO of this service does not tell hits and misses' }
  }
  const uptime = after.number('uptime_in_seconds')
  if (uptime !== null && uptime < WARM_S) {
    const message = `started ${inWords.time(uptime * 1000)} ago: until 10 minutes have passed, a cache fills`
    return { status: 'skip', message }
  }
  const reads = hits + misses
  const period = `within ${inWords.time(seconds * 1000)}`
  if (reads < FEWEST_READS) {
    const message = `${reads} reads ${period}, of ${FEWEST_READS} needed${sinceStart(after)}`
    return { status: 'skip', message }
  }
  const value = (hits / reads) * 100
  const status = statusBelow(value, threshold)
  const message = `${inWords.percent(value / 100)} of ${reads} reads ${period}`
  return { status, message, value, ...(status !== 'ok' && { remediation: MISSES }) }
}

const MISSES = {
  text: 'Look for TTLs that are too short, evictions (EVI-001), and keys that differ where they should not.',
  commands: ['cache keys', 'redis-cli INFO stats'],
}

/** Told, and not judged: it hides the present under the past. */
function sinceStart(info: Info): string {
  const [hits, misses] = [info.number('keyspace_hits'), info.number('keyspace_misses')]
  if (hits === null || misses === null || hits + misses === 0) return ''
  return `; ${inWords.percent(hits / (hits + misses))} since its counters began`
}
