import type { RedisOptions } from 'ioredis'
import type { Clock } from '../kernel/clock.js'

const RECONNECT_MS = [50, 100, 250]
const SHORTEST_PAUSE_MS = 10
const LOADING_PAUSE_MS = 250
/** As long as a server stays read-only, each new connection is a chance to reach its successor and costs some misses. */
const READONLY_RECONNECT_MS = 1000

/** Longest that a connection may be silent while something waits for it, in ms. */
export const silentMs = (deadlineMs: number): number => Math.max(2000, 10 * deadlineMs)

/**
 * Options that, with a `ConnectionWatchdog`, bound every wait and never send a command twice. They are only safe together (library study, findings
 * 1-3): without them a command that was reported as failed is replayed after the outage, or is pending for ever.
 */
export function safeRedisOptions(clock: Clock): RedisOptions {
  let lastForcedAt = -Infinity
  return {
    connectTimeout: 2000,
    // Longest goodbye to a socket. It keeps the process alive, and ioredis also waits for sockets that are gone.
    disconnectTimeout: 100,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: true,
    keepAlive: 10_000,
    // A server that loads tells how long that will take, and ioredis would not look again before, or for ten seconds.
    maxLoadingRetryTime: LOADING_PAUSE_MS,
    retryStrategy: reconnectPause(clock),
    // A demoted master answers for ever on the same connection; 1 = reconnect without sending the command again.
    reconnectOnError: (error) => {
      if (!error.message.startsWith('READONLY') || clock.now() - lastForcedAt < READONLY_RECONNECT_MS)
        return false
      lastForcedAt = clock.now()
      return 1
    },
  }
}

/**
 * Callers wait for the first hit, so the pause stays short; jitter keeps a fleet from returning in step. An attempt that
 * hung has spared the server long enough by that: the pause is what is left of it since the attempt began.
 */
function reconnectPause(clock: Clock): (attempt: number) => number {
  let begunAt = 0
  return (attempt) => {
    const now = clock.now()
    const wantedMs = RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length) - 1]!
    const leftMs = attempt === 1 ? wantedMs : wantedMs - (now - begunAt)
    const pauseMs = Math.max(SHORTEST_PAUSE_MS, leftMs) * (0.8 + 0.4 * Math.random())
    begunAt = now + pauseMs
    return pauseMs
  }
}
