/** What a driver throws when the database itself reports an error. */
export interface ReportedError extends Error {
  /** SQLSTATE. */
  code: string
  detail?: string
  hint?: string
  /** Where in the text, in characters from 1. */
  position?: string
}

/** By its looks, as every driver has a class of its own. Trouble with a socket has a code too, and no severity. */
export function isReported(error: unknown): error is ReportedError {
  return (
    error instanceof Error &&
    'severity' in error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code)
  )
}
