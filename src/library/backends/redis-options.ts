import type { RedisOptions } from 'ioredis'
import type { Clock } from '../kernel/clock.js'
import { STALL_MS } from './stall.js'

const RECONNECT_MS = [50, 100, 250]
/** As long as a server stays read-only, each new connection is a chance to reach its successor and costs some misses. */
const READONLY_RECONNECT_MS = 1000

/**
 * Options that bound every wait and never send a command twice. They are only safe together (library study, findings
 * 1-3): without them a command that was reported as failed is replayed after the outage, or is pending for ever.
 */
export function safeRedisOptions(deadlineMs: number, clock: Clock): RedisOptions {
  let lastForcedAt = -Infinity
  return {
    commandTimeout: deadlineMs + STALL_MS,
    socketTimeout: Math.max(2000, 10 * deadlineMs),
    connectTimeout: 2000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: true,
    keepAlive: 10_000,
    // Callers wait for the first hit, so the pause stays short; jitter keeps a fleet from returning in step.
    retryStrategy: (attempt) =>
      RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length) - 1]! * (0.8 + 0.4 * Math.random()),
    // A demoted master answers for ever on the same connection; 1 = reconnect without sending the command again.
    reconnectOnError: (error) => {
      if (!error.message.startsWith('READONLY') || clock.now() - lastForcedAt < READONLY_RECONNECT_MS)
        return false
      lastForcedAt = clock.now()
      return 1
    },
  }
}
