import { OperatorError } from '../../library/backends/operator-error.js'

/** The server answered, and would not do it. */
export function isRefusal(error: unknown): error is OperatorError {
  if (!(error instanceof OperatorError)) return false
  const { code, message } = error
  return code === 'NOPERM' || (code === 'ERR' && /unknown (?:sub)?command|not allowed/i.test(message))
}
