import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'

/** What a backend can do beyond get, set and del. A foreign one may be anything: what cannot be read is not there. */
export function abilityOf<A extends keyof RedisKeyValueClient>(
  backend: CacheBackend,
  ability: A,
): RedisKeyValueClient[A] | undefined {
  try {
    const found: unknown = (backend as RedisKeyValueClient)[ability]
    const bound: unknown = typeof found === 'function' ? found.bind(backend) : found
    return bound as RedisKeyValueClient[A] | undefined
  } catch {
    return undefined
  }
}
