import type { Caller } from './caller.js'
import type { Database, Run } from './database.js'
import { databaseError } from './database-error.js'

/** What functions may ask about the request. */
export interface Request {
  method: string
  /** Below `/rest/v1`. */
  path: string
}

/** How long a statement may run: as on Supabase. */
const TIMEOUT_MS: Record<string, number> = { anon: 3000 }
const USUAL_TIMEOUT_MS = 8000

/** As the caller, so that grants and row-level security are those of its role; the settings end with the transaction. */
const ENTER = `select set_config('search_path', 'public, extensions', true), set_config('statement_timeout', $1, true),
  set_config('request.method', $2, true), set_config('request.path', $3, true),
  set_config('request.jwt.claims', $4, true), set_config('role', $5, true)`

/**
 * Runs the work in a transaction on behalf of the caller, and commits unless it throws.
 *
 * @throws RestError, also for what the database says
 */
export async function inTransaction<T>(
  database: Database,
  { role, claims }: Caller,
  { method, path }: Request,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const { run, release } = await database.open()
  let isBroken = false
  try {
    await run(method === 'GET' || method === 'HEAD' ? 'begin read only' : 'begin')
    const timeout = `${TIMEOUT_MS[role] ?? USUAL_TIMEOUT_MS}ms`
    await run(ENTER, [timeout, method, path, JSON.stringify(claims), role], 'enter')
    const result = await work(run)
    await run('commit')
    return result
  } catch (error) {
    isBroken = await run('rollback').then(
      () => false,
      () => true,
    )
    throw databaseError(error, role)
  } finally {
    release(isBroken)
  }
}
