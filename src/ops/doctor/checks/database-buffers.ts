import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { DATABASE_DEADLINE_MS, judgeDatabase } from '../database.js'
import type { DatabaseNumbers } from '../database-numbers.js'
import { inWords } from '../in-words.js'
import { statusBelow } from '../status-of.js'

/** 80 MB in blocks of 8 KiB: with fewer one report that scans a table decides. */
const FEWEST_BLOCKS = 10_000
/** Until then the buffers fill. */
const WARM_S = 600

export const databaseBuffersCheck: WorldCheck = {
  on: 'world',
  id: 'DB-002',
  group: 'supabase',
  title: 'the database reads from memory',
  unit: '% of blocks',
  threshold: {
    warn: 99,
    fail: 94,
    source: 'below 99 %: Supabase documentation; below 94 %: the rules of supabase inspect report',
  },
  worse: 'below',
  deadlineMs: DATABASE_DEADLINE_MS + 500,
  run: (world, threshold) => judgeDatabase(world, (numbers) => judge(numbers, threshold)),
}

function judge(numbers: DatabaseNumbers, threshold: { warn: number | null; fail: number | null }): Finding {
  const { blocksHit: hit, blocksRead: read, uptimeSeconds, statisticsAgeSeconds: age } = numbers
  if (hit === null || read === null) {
    return { status: 'skip', message: 'this database does not count the blocks that it reads' }
  }
  if (uptimeSeconds !== null && uptimeSeconds < WARM_S) {
    const message = `started ${inWords.time(uptimeSeconds * 1000)} ago: until 10 minutes have passed, its buffers fill`
    return { status: 'unknown', message }
  }
  const blocks = hit + read
  const period = age === null ? 'since it counts' : `within ${inWords.time(age * 1000)}`
  if (blocks < FEWEST_BLOCKS) {
    return { status: 'unknown', message: `${blocks} blocks ${period}, of ${FEWEST_BLOCKS} needed` }
  }
  const value = (hit / blocks) * 100
  const status = statusBelow(value, threshold)
  const message = `${Number(value.toFixed(2))} % of ${blocks} blocks ${period} were in shared buffers`
  return { status, message, value, ...(status !== 'ok' && { remediation: COLD }) }
}

const COLD = {
  text: 'Look for scans that an index would spare, and for a compute size whose memory holds what is read often.',
  commands: ['supabase inspect db outliers'],
}
