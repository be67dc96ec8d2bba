import type { Finding } from './finding.js'
import { numbersOf, type DatabaseNumbers } from './database-numbers.js'
import { NotAsked, type Answer } from './kept-connection.js'
import { roleOf } from './supabase-key.js'
import { NO_SUPABASE, openSupabase, unanswered, type SupabaseAccess } from './supabase-link.js'

/** Of this package's migrations; a GET runs it in a transaction that may only read. */
const FUNCTION = 'cache_doctor_database'
export const DATABASE_DEADLINE_MS = 2000

export type DatabaseAnswer =
  | { numbers: DatabaseNumbers }
  /** `full`: it, or the pool in front of it, had no connection to give. */
  | { numbers: null; full: string | null; instead: Finding }

/** Asks the function of the migrations over REST; no SQL of ours, and no connection of its own to Postgres. */
export async function askDatabase(access: SupabaseAccess): Promise<DatabaseAnswer> {
  const supabase = openSupabase(access, DATABASE_DEADLINE_MS)
  if (supabase === null) return instead({ status: 'skip', message: NO_SUPABASE })
  try {
    return answerOf(await supabase.get(`rpc/${FUNCTION}`), supabase.key)
  } catch (error) {
    if (error instanceof NotAsked) return instead({ status: 'skip', message: unanswered(error) })
    throw error
  } finally {
    supabase.close()
  }
}

/** What a check says of the numbers, or of why there are none. */
export async function judgeDatabase(
  world: { database(): Promise<DatabaseAnswer> },
  judge: (numbers: DatabaseNumbers) => Finding,
): Promise<Finding> {
  const answer = await world.database()
  return answer.numbers === null ? answer.instead : judge(answer.numbers)
}

function answerOf({ status, text }: Answer, key: string): DatabaseAnswer {
  const body = parsed(text)
  if (status === 200 && 'max_connections' in body) return { numbers: numbersOf(body) }
  const code = typeof body['code'] === 'string' && /^\w{1,20}$/.test(body['code']) ? body['code'] : null
  const full = fullness(code, text)
  if (full !== null) return { numbers: null, full, instead: { status: 'skip', message: `${full} (DB-001)` } }
  if (code === 'PGRST202') return instead(NOT_APPLIED)
  if (code === '42501') return instead(notAllowed(key))
  return instead({
    status: 'skip',
    message: `${status}${code === null ? '' : ` (${code})`} for public.${FUNCTION}() (SUP-001)`,
  })
}

/** In the words of PostgREST, which hands on those of Postgres. */
function fullness(code: string | null, text: string): string | null {
  if (code === 'PGRST003') return 'every connection of the REST pool is busy (PGRST003)'
  if (code === '53300' || /remaining connection slots are reserved|too many clients already/.test(text)) {
    return 'Postgres accepts no further connection (53300)'
  }
  return null
}

const NOT_APPLIED: Finding = {
  status: 'skip',
  message: `the database has no function public.${FUNCTION}(), which is how it is asked`,
  remediation: {
    text: 'Apply the migration of this package that makes it; it gives away numbers only, and to the service key only.',
    commands: [
      'cp node_modules/transparent-cache/supabase/migrations/*_doctor.sql supabase/migrations/',
      'supabase db push',
    ],
  },
}

function notAllowed(key: string): Finding {
  const isService = roleOf(key) === 'service_role'
  const why = isService ? 'its grant to service_role was taken back' : 'it is no service key (SUP-003)'
  return { status: 'skip', message: `the key may not call public.${FUNCTION}() (42501): ${why}` }
}

function instead(finding: Finding): DatabaseAnswer {
  return { numbers: null, full: null, instead: finding }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
