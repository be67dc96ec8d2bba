import { UsageError } from '../../report/errors.js'
import type { Misuse } from '../messages.js'
import { describeError } from '../plain-text.js'

/** Why something could not be prepared, as it is told to the engine. */
export function problemIn(error: unknown): { problem: string; misuse?: Misuse } {
  const misuse = error instanceof UsageError && {
    misuse: { code: error.code, message: error.message, suggestions: error.suggestions },
  }
  return { problem: describeError(error), ...misuse }
}
