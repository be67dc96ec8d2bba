import type { BreakerOptions } from './circuit-breaker.js'

/** Library study §4.3. */
export const BREAKER: BreakerOptions = { failures: 5, openMs: 500, maxOpenMs: 10_000 }

/**
 * The waits do not grow on Upstash: it has no connection whose return would be probed at once, and what waits for
 * delivery has to be there within a second of the heal (contract, C9). One request in half a second is what it costs.
 */
export function defaultBreaker(backend: string): BreakerOptions {
  return backend === 'upstash' ? { ...BREAKER, maxOpenMs: BREAKER.openMs } : BREAKER
}
