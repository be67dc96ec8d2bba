/** There is no usable connection right now, so nothing was sent. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError'
  /** Why there is none, where that is known. */
  readonly code: string
  constructor(options: ErrorOptions & { code?: string | undefined } = {}) {
    super('no connection to the backend', options)
    this.code = options.code ?? 'NOT_CONNECTED'
  }
}

/** The server has not told its time yet, so a write could not be kept from landing late. */
export class ClockUnknownError extends Error {
  override readonly name = 'ClockUnknownError'
  readonly code = 'CLOCK_UNKNOWN'
  constructor() {
    super("the server's clock is not known")
  }
}

/** An option that cannot be used: a programming error, so it is thrown when the cache is built and never later. */
export class OptionError extends RangeError {
  override readonly name = 'OptionError'
  readonly code = 'INVALID_OPTION'
  constructor(
    readonly option: string,
    readonly value: unknown,
    readonly range: string,
  ) {
    super(`${option}: ${describe(value)} is not ${range}`)
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
