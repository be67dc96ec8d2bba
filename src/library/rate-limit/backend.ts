/** A limiter as the transparent one sees it. Any `{check, getType}` will do. */
export interface RateLimitBackend {
  /** Counts one request; true when it is allowed. May reject, hang or throw. */
  check(identifier: string): Promise<boolean>
  getType(): 'redis' | 'upstash'
}

/** What the window had to say about one request. Durations, as the server's clock need not be ours. */
export interface Counted {
  allowed: boolean
  used: number
  retryAfterMs: number
  resetAfterMs: number
}

/** What our own backend can do beyond that. */
export interface CountingBackend extends RateLimitBackend {
  readonly limit: number
  take(identifier: string, cost: number): Promise<Counted>
  look(identifier: string): Promise<Counted>
  forget(identifier: string): Promise<void>
}
