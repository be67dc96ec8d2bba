import type { Finding } from './finding.js'
import { NotAsked } from './kept-connection.js'
import { quantile } from './quantile.js'
import {
  holdsRows,
  NO_SUPABASE,
  openSupabase,
  unanswered,
  type SupabaseAccess,
  type SupabaseLink,
} from './supabase-link.js'

const TABLE = 'conversations'
const READS = 10
const BUDGET_MS = 2000
export const READ_DEADLINE_MS = 2000
/** Of all of it. */
export const READS_DEADLINE_MS = BUDGET_MS + 2 * READ_DEADLINE_MS

/** What a read costs who asks from here, or what to say instead. */
export type SupabaseReads =
  { p50Ms: number; maxMs: number; count: number } | { p50Ms: null; instead: Finding }

/** Reads of at most one row, one after the other on a connection that stands. */
export async function timeReads(access: SupabaseAccess): Promise<SupabaseReads> {
  const supabase = openSupabase(access, READ_DEADLINE_MS)
  if (supabase === null) return instead({ status: 'skip', message: NO_SUPABASE })
  try {
    return await time(supabase, access.signal)
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error
    if (error.late) return instead(failed(`${error.message} to a read`))
    return instead({ status: 'skip', message: unanswered(error) })
  } finally {
    supabase.close()
  }
}

async function time(supabase: SupabaseLink, signal: AbortSignal): Promise<SupabaseReads> {
  const path = `${TABLE}?select=id&limit=1`
  // The first pays for the connection, and tells whether there is a table to read.
  const { status, text } = await supabase.get(path)
  if (status >= 500) return instead(failed(`${status} for a read of ${TABLE}`))
  if (status !== 200 || !holdsRows(text)) {
    const what = status === 200 ? '200 and no rows' : status
    return instead({ status: 'skip', message: `${what} for a read of ${TABLE} (SUP-001, SUP-002)` })
  }
  const times: number[] = []
  const end = performance.now() + BUDGET_MS
  do times.push((await supabase.get(path)).ms)
  while (times.length < READS && performance.now() < end && !signal.aborted)
  times.sort((a, b) => a - b)
  return { p50Ms: quantile(times, 0.5), maxMs: times.at(-1)!, count: times.length }
}

/** The gateway may well answer while nothing stands behind it. */
function failed(what: string): Finding {
  return {
    status: 'FAIL',
    message: `${what}: the database behind it does not serve`,
    remediation: { text: 'Is the project paused, restarting, or out of connections (DB-001)?' },
  }
}

function instead(finding: Finding): SupabaseReads {
  return { p50Ms: null, instead: finding }
}
