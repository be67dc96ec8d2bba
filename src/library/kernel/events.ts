/** What was configured, fixed when the cache is built; `getStatus()` tells how it is doing. */
export type BackendType = 'redis' | 'upstash' | 'passthrough'

/** `getOrLoad` reads with a `get` and stores with a `set`. */
export type CacheOperation = 'get' | 'set' | 'del'

/**
 * How one cache operation ended; each is counted exactly once.
 *
 * `hit`, `miss`: reads · `ok`: set and del · `skipped`: pass-through · `invalid`: a stored value that cannot be decoded
 * or validated (a miss) · `error`, `timeout`: the backend failed or was too slow · `short_circuit`: the breaker was
 * open, the backend was not asked · `refused`: the backend, or the write protocol, declined the write.
 */
export type CacheResult =
  'hit' | 'miss' | 'ok' | 'skipped' | 'invalid' | 'error' | 'timeout' | 'short_circuit' | 'refused'

/**
 * How one limiter check ended. `allowed`, `denied`: counted · `failopen`, `failclosed`: the backend could not be asked and
 * the declared policy decided, or there is no backend · `shadow_denied`: denied by a limiter that only watches.
 */
export type LimiterResult = 'allowed' | 'denied' | 'failopen' | 'failclosed' | 'shadow_denied'

/** What a limiter was configured with, fixed when it is built. */
export type LimiterBackendType = 'redis' | 'upstash' | 'allowall'

/** `up`: serving · `degraded`: serving, but writes are refused or invalidations wait · `down`: callers go without it. */
export type BackendState = 'up' | 'degraded' | 'down'

/**
 * Everything the library says at run time. Never a key, a value, an identifier or a credential.
 *
 * `operation`, `check`: one operation of a cache, one check of a limiter, with its result, how long its caller waited, in
 * ms, and the kind of failure · `state`, `limiter-state`: it came to do better or worse, after so many ms · `invalidations`:
 * so many were kept, delivered or lost · `pass-through`, `allow-all`: one was built without a backend · `warning`: something
 * is wrong with the set-up, in words. `cache` and `limiter` are the `name` options.
 */
export type LibraryEvent =
  | {
      type: 'operation'
      cache: string
      backend: BackendType
      operation: CacheOperation
      result: CacheResult
      durationMs: number
      /** Kind of failure, such as `ECONNREFUSED` or `OOM`; null when nothing failed. */
      errorType: string | null
    }
  | {
      type: 'check'
      limiter: string
      backend: LimiterBackendType
      result: LimiterResult
      durationMs: number
      errorType: string | null
    }
  | {
      type: 'state'
      cache: string
      backend: BackendType
      from: BackendState
      to: BackendState
      lastedMs: number
    }
  | {
      type: 'invalidations'
      cache: string
      backend: BackendType
      change: 'kept' | 'delivered' | 'lost'
      count: number
    }
  | {
      type: 'limiter-state'
      limiter: string
      backend: LimiterBackendType
      from: BackendState
      to: BackendState
      lastedMs: number
    }
  | { type: 'pass-through'; cache: string }
  | { type: 'allow-all'; limiter: string }
  | { type: 'warning'; subject: string; message: string; part?: 'cache' | 'limiter' }

/** Called for each event, in the turn in which it happens. */
export type EventListener = (event: LibraryEvent) => void

const listeners = new Set<EventListener>()

/**
 * Hears everything the library says, in this process, until the returned function is called.
 *
 * A listener that throws is ignored: telemetry must not break what it observes.
 */
export function onEvent(listener: EventListener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function emit(event: LibraryEvent): void {
  for (const listener of listeners) {
    try {
      listener(event)
    } catch {
      // Nobody is left to tell: the telemetry itself is what failed.
    }
  }
}
