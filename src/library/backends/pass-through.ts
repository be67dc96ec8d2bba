import type { RedisKeyValueClient } from './backend.js'

/** The backend that is not there: every read misses, every write is accepted and forgotten. */
class PassThroughRedis implements RedisKeyValueClient {
  get(_key: string): Promise<null> {
    return Promise.resolve(null)
  }

  set(_key: string, _value: string, _ttlSeconds?: number): Promise<void> {
    return Promise.resolve()
  }

  del(_key: string): Promise<void> {
    return Promise.resolve()
  }

  ping(): Promise<string> {
    return Promise.resolve('PONG')
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/**
 * A client for factories that always return the same type: use it where there is no Redis.
 *
 * @example
 * const redis = options.redis ?? createPassThroughRedis()
 */
export function createPassThroughRedis(): RedisKeyValueClient {
  return new PassThroughRedis()
}

/** Whether a client is the pass-through, so that a cache built on it reports itself as such. */
export function isPassThrough(client: unknown): boolean {
  return client instanceof PassThroughRedis
}
