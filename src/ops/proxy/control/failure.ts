import type { ControlFailure } from '../../report/proxy-report.js'

/** A request that is not carried out: the status and the words of its answer. */
export class ControlError extends Error {
  readonly status: number
  readonly code: string
  readonly suggestions: string[]

  constructor(status: number, code: string, message: string, suggestions: string[] = []) {
    super(message)
    this.name = 'ControlError'
    this.status = status
    this.code = code
    this.suggestions = suggestions
  }

  get document(): ControlFailure {
    const { code, message, suggestions } = this
    return { error: { code, message, ...(suggestions.length > 0 && { suggestions }) } }
  }
}
