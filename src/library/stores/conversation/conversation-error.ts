import { StoreError, type StoreErrorCode } from '../store-error.js'

/** What errors and metrics call this store. */
export const STORE = 'conversations'

/** The error of an operation of this store. */
export function conversationError(code: StoreErrorCode, operation: string, message: string): StoreError {
  return new StoreError(code, { store: STORE, operation }, message)
}

/** Says the same of what is not there and of what the viewer may not read. */
export function notFound(operation: string, what = 'conversation'): StoreError {
  return conversationError('NOT_FOUND', operation, `there is no such ${what}`)
}
