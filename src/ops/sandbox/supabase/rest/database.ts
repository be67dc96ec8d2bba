import { RestError } from './rest-error.js'

/**
 * Runs one statement; its rows.
 *
 * @param name of one that is always the same text: a connection then plans it once, which costs more than to run it
 */
export type Run = <Row extends object>(
  text: string,
  values?: readonly string[],
  name?: string,
) => Promise<Row[]>

/** A connection, for whoever opened it alone until it is given back. */
export interface Session {
  readonly run: Run
  /** @param isBroken nobody may be given it again: it is still in somebody's transaction */
  release(isBroken: boolean): void
}

/** What the endpoint asks, as a user that may become `anon`, `authenticated` and `service_role`, and nobody else. */
export interface Database {
  /** @throws RestError 504 when all sessions are busy too long, 503 when there is no database any more */
  open(): Promise<Session>
}

/**
 * What `open` says when there is nobody to ask.
 *
 * @param refusal what the database said to who wanted to log in, if anything
 */
export function noDatabase(refusal?: string): RestError {
  return new RestError(503, {
    code: 'PGRST000',
    message: 'Database connection error. Retrying the connection.',
    ...(refusal !== undefined && { details: `FATAL:  ${refusal}` }),
  })
}
