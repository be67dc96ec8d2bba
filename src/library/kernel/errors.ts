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

/** What answered is not what was asked: an error page, or a JSON text of another shape. Its contents are not kept. */
export class BadReplyError extends Error {
  override readonly name = 'BadReplyError'
  readonly code = 'UNREADABLE_REPLY'
  constructor() {
    super('the answer cannot be read')
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

/**
 * `getOrLoad` did not start this load, because as many as `maxConcurrentLoads` were running and none made room in time.
 *
 * This is the source being spared, not a failure of the cache: it gets as many requests as it can answer, and the others
 * are told at once. Answer 503 with `Retry-After`; do not ask the source another way, which is what it is spared from.
 */
export class BulkheadRejectedError extends Error {
  /** `BulkheadRejectedError`. */
  override readonly name = 'BulkheadRejectedError'
  /** `BULKHEAD_REJECTED`. */
  readonly code = 'BULKHEAD_REJECTED'
  /** What Express, Fastify and Koa answer with where nobody catches it. */
  readonly statusCode = 503
  /** For the `Retry-After` header: as long as a load may wait for its turn. */
  readonly retryAfterSeconds = 1
  constructor(
    /** The option that was exhausted. */
    readonly maxConcurrentLoads: number,
    /** What was waited for in vain, for the message. */
    why: string,
  ) {
    super(
      `${maxConcurrentLoads} loads are running and ${why}, so this one was not started: the source is overloaded. ` +
        'Answer 503 with Retry-After: 1',
    )
  }
}

/** An option that cannot be used: a programming error, so it is thrown when the cache is built and never later. */
export class OptionError extends RangeError {
  /** `OptionError`. */
  override readonly name = 'OptionError'
  /** `INVALID_OPTION`. */
  readonly code = 'INVALID_OPTION'
  constructor(
    /** Its name, such as `ttl` or `breaker.openMs`. */
    readonly option: string,
    /** What was given. */
    readonly value: unknown,
    /** What would be accepted, in words. */
    readonly range: string,
    message = `${option}: ${describe(value)} is not ${range}`,
  ) {
    super(message)
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
