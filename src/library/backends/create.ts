import type { RedisKeyValueClient } from './backend.js'
import { createPassThroughRedis } from './pass-through.js'
import { createRedisClient } from './redis.js'
import type { RedisBackend } from './resolve.js'
import { createUpstashClient } from './upstash.js'

/**
 * A client for a configured backend. Never null and never throws: without a backend it is the pass-through client.
 *
 * @param options.deadlineMs how long a command may take, in ms: what took 1 s more is given up by the client itself, so that
 * nothing is pending for ever. How long callers wait is for the cache's own deadline to say. @default 100 on Redis, 300 on
 * Upstash
 * @param options.connectionName shown by CLIENT LIST; Upstash has no connections
 */
export function createKeyValueClient(
  backend: RedisBackend | null,
  options: { deadlineMs?: number; connectionName?: string } = {},
): RedisKeyValueClient {
  if (backend?.backend === 'redis') return createRedisClient({ ...backend, ...options })
  if (backend?.backend === 'upstash') return createUpstashClient({ ...backend, ...options })
  return createPassThroughRedis()
}
