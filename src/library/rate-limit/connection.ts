import type { RedisKeyValueClient } from '../backends/backend.js'
import { createKeyValueClient } from '../backends/create.js'
import type { RedisBackend } from '../backends/resolve.js'
import type { Clock } from '../kernel/clock.js'
import { defaultBreaker } from '../resilience/default-breaker.js'
import { Guard } from '../resilience/guard.js'
import { warnOfEviction } from './eviction-warning.js'

/** Shown by CLIENT LIST, so that an operator tells the two connections of a process apart. */
const CONNECTION_NAME = 'transparent-cache:rate-limit'

interface Connection {
  client: RedisKeyValueClient
  guard: Guard
  users: number
}

const connections = new Map<string, Connection>()

/**
 * The limiters' connection to a backend. Never the caches': a large value on its way would hold up every check behind
 * it (measured: 219 ms instead of 62), and with it open the door of every limiter that fails open.
 *
 * Limiters of one backend and deadline share it; the last to let go ends it.
 */
export function acquireConnection(
  backend: RedisBackend,
  deadlineMs: number,
  clock: Clock,
): { client: RedisKeyValueClient; guard: Guard; release: () => Promise<void> } {
  const secret = backend.backend === 'redis' ? backend.password : backend.token
  const id = JSON.stringify([backend.backend, backend.url, secret ?? null, deadlineMs])
  let shared = connections.get(id)
  if (!shared) connections.set(id, (shared = connect(backend, deadlineMs, clock)))
  shared.users++
  const held = shared
  return {
    client: held.client,
    guard: held.guard,
    async release() {
      if (--held.users > 0) return
      connections.delete(id)
      held.guard.close()
      await held.client.close?.()
    },
  }
}

function connect(backend: RedisBackend, deadlineMs: number, clock: Clock): Connection {
  const client = createKeyValueClient(backend, { deadlineMs, connectionName: CONNECTION_NAME })
  const ping = () => client.ping?.() ?? Promise.resolve()
  const onReady = client.onReady?.bind(client)
  warnOfEviction(client)
  const guard = new Guard({
    breaker: defaultBreaker(backend.backend),
    clock,
    deadlineMs,
    probe: ping,
    ...(onReady ? { onReady } : {}),
  })
  return { client, guard, users: 0 }
}
