import type { WorldCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'
import { READ_DEADLINE_MS, READS_DEADLINE_MS } from '../supabase-read.js'

export const supabaseLatencyCheck: WorldCheck = {
  on: 'world',
  id: 'DB-005',
  group: 'supabase',
  title: 'a read from Supabase',
  unit: 'ms',
  threshold: {
    warn: 500,
    fail: READ_DEADLINE_MS,
    source: 'ours: what every read takes when Redis is lost, on a connection that stands',
  },
  deadlineMs: READS_DEADLINE_MS + 500,
  times: true,
  async run(world, threshold) {
    const reads = await world.supabaseReads()
    if (reads.p50Ms === null) return reads.instead
    const { p50Ms: value, maxMs, count } = reads
    const message = `${inWords.time(value)} (p50; max ${inWords.time(maxMs)}, ${count} reads of one row)`
    const status = statusOf(value, threshold)
    if (status === 'ok') return { status, message, value }
    const text = 'Look at the slow queries and the connections of the database, and at its region.'
    return {
      status,
      message: `${message}: when Redis is lost, every read takes that long`,
      value,
      remediation: { text },
    }
  },
}
