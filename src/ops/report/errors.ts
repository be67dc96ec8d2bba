import type { ReportError } from './report.js'

/** An expected failure: somebody can act on it, and its message says how. Everything else that escapes is a bug of ours. */
export abstract class ActionableError extends Error {
  /** Who must act; decides the exit code. */
  abstract readonly kind: ReportError['kind']
  /** Stable and documented, such as `UNKNOWN_DRILL`. */
  readonly code: string
  /** The way out, one action each. */
  readonly suggestions: string[]

  constructor(code: string, message: string, suggestions: string[] = [], options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
    this.suggestions = suggestions
  }
}

/** The invocation or the configuration must change: exit 2. */
export class UsageError extends ActionableError {
  override readonly kind = 'usage'
}

/** The environment must change, such as a server that is missing or unreachable: exit 3. */
export class EnvironmentError extends ActionableError {
  override readonly kind = 'environment'
}

/** Refused because it could harm somebody, or stopped by a stop condition: exit 4. */
export class SafetyError extends ActionableError {
  override readonly kind = 'safety'
}
