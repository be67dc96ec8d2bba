import { StoreError, type StoreErrorCode } from '../../../src/library/stores/store-error.js'

/** How a call failed; `fulfilled` when it did not. */
export async function outcome(call: Promise<unknown>): Promise<StoreErrorCode | 'fulfilled'> {
  try {
    await call
    return 'fulfilled'
  } catch (error) {
    if (error instanceof StoreError) return error.code
    throw error
  }
}
