import type { StoreErrorCode } from './store-error.js'

/** Why a query did not do what was asked; the message holds nothing of the input or of the answer. */
export interface Failure {
  code: StoreErrorCode
  message: string
  /** As in `StoreError`. */
  sourceCode: string | null
}
