import type { Counted, Counter, RateLimitBackend, Uncounted } from './backend.js'

/** A limiter of somebody else's, which says yes or no and nothing else. */
export class ForeignCounter implements Counter {
  readonly #backend: RateLimitBackend

  constructor(backend: RateLimitBackend) {
    this.#backend = backend
  }

  async take(identifier: string): Promise<Counted | Uncounted> {
    const allowed: unknown = await this.#backend.check(identifier)
    if (typeof allowed !== 'boolean') return { uncounted: 'UNKNOWN_REPLY' }
    return { allowed, limit: null, remaining: null, retryAfterMs: 0, resetAfterMs: null }
  }

  look(): Promise<Uncounted> {
    return Promise.resolve({ uncounted: 'NOT_SUPPORTED' })
  }

  forget(): Promise<never> {
    return Promise.reject(new TypeError('not supported'))
  }
}
