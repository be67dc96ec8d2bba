/**
 * What kept a store from answering:
 * `UNREACHABLE` nobody answers there · `TIMEOUT` no answer within the deadline · `OVERLOADED` it asks for patience (429, 503)
 * · `DENIED` the key or the policies of the database do not allow it · `NOT_FOUND` there is no such record, or none that this
 * viewer may read: which of the two is not told · `FORBIDDEN` the viewer may read it, but not do this · `CONFLICT` other
 * records do not allow it, such as a duplicate · `INVALID` the database, or the store itself, cannot take this input ·
 * `UNEXPECTED` anything else.
 */
export type StoreErrorCode =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'OVERLOADED'
  | 'DENIED'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'INVALID'
  | 'UNEXPECTED'

/**
 * The source of truth did not do what was asked. It is told at once, is never cached, and is never answered from elsewhere:
 * a service cannot work without its system of record.
 *
 * The message names the store, the operation and the kind of failure, and holds no record, identifier or credential.
 */
export class StoreError extends Error {
  /** `StoreError`. */
  override readonly name = 'StoreError'
  /** Of the failure; see `StoreErrorCode`. */
  readonly code: StoreErrorCode
  /** Such as `conversations`. */
  readonly store: string
  /** Such as `appendMessage`. */
  readonly operation: string
  /** What the database called it: a SQLSTATE such as `23505`, or PostgREST's `PGRST…`; null when it did not answer. */
  readonly sourceCode: string | null

  constructor(
    code: StoreErrorCode,
    where: { store: string; operation: string },
    message: string,
    options: ErrorOptions & { sourceCode?: string | null } = {},
  ) {
    const { sourceCode = null, ...rest } = options
    super(`${where.store}: ${where.operation}: ${message}`, rest)
    this.code = code
    this.store = where.store
    this.operation = where.operation
    this.sourceCode = sourceCode
  }
}
