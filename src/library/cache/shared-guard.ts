import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'
import type { Clock } from '../kernel/clock.js'
import { Guard } from '../resilience/guard.js'
import type { ResolvedOptions } from './options.js'

interface Shared {
  guard: Guard
  users: number
}

const guards = new WeakMap<object, Map<string, Shared>>()

const PROBE_KEY = 'transparent-cache:probe'

/**
 * The guard of a connection. Caches on one connection share it, so that each learns what any of them found out; only
 * caches that asked for another breaker have one of their own.
 *
 * @returns the guard and how to let go of it; the last to let go closes the connection, if it can be closed
 */
export function acquireGuard(
  backend: CacheBackend,
  options: Pick<ResolvedOptions<never>, 'breaker' | 'deadlineMs'>,
  clock: Clock,
): { guard: Guard; release: () => Promise<void> } {
  const client: RedisKeyValueClient = backend
  let perBackend = guards.get(backend)
  if (!perBackend) guards.set(backend, (perBackend = new Map<string, Shared>()))
  const sameBreaker = JSON.stringify(options.breaker)
  let shared = perBackend.get(sameBreaker)
  if (!shared) {
    const onReady = client.onReady?.bind(client)
    const guard = new Guard({
      breaker: options.breaker,
      clock,
      deadlineMs: options.deadlineMs,
      probe: () => (client.ping ? client.ping() : client.get(PROBE_KEY)),
      ...(onReady ? { onReady } : {}),
    })
    perBackend.set(sameBreaker, (shared = { guard, users: 0 }))
  }
  shared.users++

  const held = shared
  const others = perBackend
  return {
    guard: held.guard,
    async release() {
      if (--held.users > 0) return
      held.guard.close()
      others.delete(sameBreaker)
      if (others.size === 0) await client.close?.()
    },
  }
}
