import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'
import type { Clock } from '../kernel/clock.js'
import { within } from './within.js'

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

/** Asks for the number of the connection in use; null for a backend that does not count them. */
export function connectionOf(backend: CacheBackend): () => number | null {
  const connection = abilityOf(backend, 'connection')
  return typeof connection === 'function' ? () => connection() : () => null
}

/** Operations wait for it once. Our own clients bound it by one deadline, a foreign one may not. */
export function startOf(backend: CacheBackend, clock: Clock, longestMs: number): Promise<void> | null {
  const started: unknown = abilityOf(backend, 'started')
  return started === undefined ? null : within(started, clock, longestMs)
}
