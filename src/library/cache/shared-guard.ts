import type { CacheBackend, RedisKeyValueClient } from '../backends/backend.js'
import type { Clock } from '../kernel/clock.js'
import { Guard } from '../resilience/guard.js'
import { abilityOf, attempt } from './abilities.js'
import type { ResolvedOptions } from './options.js'
import { within } from './within.js'

interface Shared {
  guard: Guard
  users: number
}

const guards = new WeakMap<object, Map<string, Shared>>()

const PROBE_KEY = 'transparent-cache:probe'
/** Longest that a foreign client's own `close` is waited for, in ms. */
const CLOSE_MS = 1000

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
  // What is no object has no methods either; its operations say so.
  const identity = typeof backend === 'object' || typeof backend === 'function' ? backend : {}
  let perBackend = guards.get(identity)
  if (!perBackend) guards.set(identity, (perBackend = new Map<string, Shared>()))
  const sameBreaker = JSON.stringify(options.breaker)
  let shared = perBackend.get(sameBreaker)
  if (!shared) {
    const onReady = readyListening(backend)
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
      if (others.size > 0) return
      const close = async () => void (await abilityOf(backend, 'close')?.())
      await within(close(), clock, CLOSE_MS)
    },
  }
}

/** How to hear of connections that become usable, with nothing of a foreign backend's own mistakes. */
function readyListening(backend: CacheBackend): RedisKeyValueClient['onReady'] {
  const onReady = abilityOf(backend, 'onReady')
  if (typeof onReady !== 'function') return undefined
  return (listener) => {
    let stop: unknown
    attempt(() => (stop = onReady(listener)))
    return () => attempt(() => (typeof stop === 'function' ? (stop as () => unknown)() : null))
  }
}
