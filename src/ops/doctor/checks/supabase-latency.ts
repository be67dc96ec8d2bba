import type { Finding, WorldCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { NotAsked } from '../kept-connection.js'
import { statusOf } from '../status-of.js'
import { NO_SUPABASE, openSupabase, type SupabaseLink } from '../supabase-link.js'
import type { World } from '../world.js'
import { TABLES } from './supabase-tables.js'

const READS = 10
const BUDGET_MS = 2000
const DEADLINE_MS = 2000

export const supabaseLatencyCheck: WorldCheck = {
  on: 'world',
  id: 'DB-005',
  group: 'supabase',
  title: 'a read from Supabase',
  unit: 'ms',
  threshold: {
    warn: 500,
    fail: DEADLINE_MS,
    source: 'ours: what every read takes when Redis is lost, on a connection that stands',
  },
  deadlineMs: BUDGET_MS + 2 * DEADLINE_MS + 500,
  async run(world, threshold) {
    const supabase = openSupabase(world, DEADLINE_MS)
    if (supabase === null) return { status: 'skip', message: NO_SUPABASE }
    try {
      return await time(supabase, world, threshold)
    } catch (error) {
      if (error instanceof NotAsked) return { status: 'skip', message: `${error.message} (SUP-001)` }
      throw error
    } finally {
      supabase.close()
    }
  },
}

async function time(
  supabase: SupabaseLink,
  { signal }: World,
  threshold: Parameters<typeof statusOf>[1],
): Promise<Finding> {
  const path = `${TABLES[0]}?select=id&limit=1`
  // The first pays for the connection, and tells whether there is a table to read.
  const { status: answered } = await supabase.get(path)
  if (answered !== 200)
    return { status: 'skip', message: `${answered} for a read of ${TABLES[0]} (SUP-001, SUP-002)` }
  const times: number[] = []
  const end = performance.now() + BUDGET_MS
  while (times.length < READS && performance.now() < end && !signal.aborted) {
    times.push((await supabase.get(path)).ms)
  }
  times.sort((a, b) => a - b)
  const value = times[Math.floor(times.length / 2)]!
  const message = `${inWords.time(value)} (p50; max ${inWords.time(times.at(-1)!)}, ${times.length} reads of one row)`
  const status = statusOf(value, threshold)
  if (status === 'ok') return { status, message, value }
  const text = 'Look at the slow queries and the connections of the database, and at its region.'
  return {
    status,
    message: `${message}: when Redis is lost, every read takes that long`,
    value,
    remediation: { text },
  }
}
