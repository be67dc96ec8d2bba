import type { ServerCheck } from '../check.js'
import type { Info } from '../info.js'
import { inWords } from '../in-words.js'
import type { Interval } from '../interval.js'

/** A full cache evicts about as much as comes in, and values differ in size. */
const FAR_MORE = 1.5
const MORE_THAN_CHANCE = 20

export const evictionsCheck: ServerCheck = {
  on: 'server',
  id: 'EVI-001',
  group: 'memory',
  title: 'evictions',
  unit: 'per second',
  threshold: {
    warn: 0,
    fail: null,
    source:
      'Redis observability guide: trouble begins where more is evicted than comes in; 1.5 times as much, the failure, is ours',
  },
  deadlineMs: 6000,
  privileges: '+info',
  async run(_client, world, { warn }) {
    const interval = await world.interval()
    const evicted = interval.grew('evicted_keys')
    if (evicted === null)
      return { status: 'skip', message: 'INFO of this service does not tell its evictions' }
    const value = evicted / interval.seconds
    const period = `within ${inWords.time(interval.seconds * 1000)}`
    if (evicted === 0) return { status: 'ok', message: `none ${period}`, value }
    const added = addedKeys(interval, evicted)
    const rate = `${evicted} keys ${period}`
    if (added !== null && evicted >= MORE_THAN_CHANCE && evicted > FAR_MORE * added) {
      const message = `${rate}, and ${Math.max(0, added)} came in: the cache shrinks`
      return { status: 'FAIL', message, value, remediation: SHORT }
    }
    const status = warn !== null && value > warn ? 'warn' : 'ok'
    const message = `${rate}${added === null ? '' : `; ${added} came in`}`
    return { status, message, value, ...(status !== 'ok' && { remediation: SHORT }) }
  },
}

const SHORT = {
  text: 'Give it more memory, shorter TTLs or smaller values; look at the hit ratio (HIT-001) before and after.',
  commands: ['cache keys', 'redis-cli INFO stats'],
}

const DELETING = ['del', 'unlink', 'getdel']

/** Nobody counts what comes in: it is what there is more of, and what went meanwhile. Null when that is not told. */
function addedKeys({ before, after, grew }: Interval, evicted: number): number | null {
  const expired = grew('expired_keys')
  const [first, second] = [deletions(before), deletions(after)]
  if (!before.keys || !after.keys || expired === null || first === null || second === null) return null
  return after.keys.all - before.keys.all + evicted + expired + second - first
}

function deletions({ commands }: Info): number | null {
  return commands && DELETING.reduce((total, name) => total + (commands.get(name)?.calls ?? 0), 0)
}
