import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'

/** Calls what may throw or answer a promise that rejects, where nobody waits for it and it must not end the process. */
export function attempt(call: () => unknown): void {
  void (async () => await call())().catch(() => undefined)
}

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
