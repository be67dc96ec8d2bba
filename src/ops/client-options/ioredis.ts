import { wait, worstOf, type TimeToFallback, type Wait } from './time-to-fallback.js'

/** The options of ioredis that decide how long a call waits. What is absent has the default of its major. */
export interface IoredisOptions {
  /** @default 10000 */
  connectTimeout?: number
  /** @default none */
  commandTimeout?: number
  /** @default none */
  socketTimeout?: number
  /** Null: never give a command up. @default 20 */
  maxRetriesPerRequest?: number | null
  /** @default true */
  enableOfflineQueue?: boolean
  /** The longest pause that an own `retryStrategy` returns, in ms; false when it gives up at once. @default that of the major */
  retryDelayMs?: number | false
}

/** Pauses between attempts to connect: the one before attempt `t`, from 1, and what jitter adds at most. */
interface Pauses {
  before(attempt: number): number
  longestMs: number
  jitterMs: number
}

/** ioredis 5.11.1, built/redis/RedisOptions.js. */
const IOREDIS_5: Pauses = { before: (attempt) => Math.min(50 * attempt, 2000), longestMs: 2000, jitterMs: 0 }

/** ioredis 6.0.0, same file: exponential, and 0 to 199 ms of jitter. */
const IOREDIS_6: Pauses = {
  before: (attempt) => Math.min(50 * 2 ** (attempt - 1), 5000),
  longestMs: 5000,
  jitterMs: 199,
}

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000
const DEFAULT_RETRIES = 20

/**
 * What a call waits for, as ioredis 5.11 and 6.0 do it (built/Redis.js, built/redis/event_handler.js):
 * a command that finds no connection goes to the offline queue, and the queue is given up at every
 * `maxRetriesPerRequest + 1`-th attempt that fails; a command that was already sent ends with its own `commandTimeout`,
 * or with the connection, but then only when no retry is allowed; otherwise it is kept to be sent again.
 */
export function ioredisTimeToFallback(major: 5 | 6, options: IoredisOptions): TimeToFallback {
  const { commandTimeout = 0, connectTimeout = DEFAULT_CONNECT_TIMEOUT_MS } = options
  const bounded = (most: Wait) => (commandTimeout > 0 ? cutShort(most, commandTimeout) : most)
  const ways = {
    refused: bounded(untilGivenUp(major, options, 0)),
    stalled: bounded(stalled(major, options)),
    unreachable: bounded(untilGivenUp(major, options, connectTimeout)),
  }
  // What finds no connection waits in the offline queue, and fails at once where there is none; so it does after a
  // socketTimeout has ended the connection that hung.
  const { enableOfflineQueue = true, retryDelayMs, socketTimeout = 0 } = options
  const queues = enableOfflineQueue && retryDelayMs !== false
  const hangsOn = queues || socketTimeout <= 0
  return {
    ...ways,
    loading: bounded(
      enableOfflineQueue
        ? wait(null, null, 'the offline queue waits until the data is loaded')
        : wait([0, 0], 0, 'enableOfflineQueue: false'),
    ),
    everyCallPays: hangsOn,
    lastingMs: queues ? worstOf(ways) : hangsOn ? ways.stalled.worstMs : 0,
    offlineQueue: enableOfflineQueue,
  }
}

function cutShort({ firstMs, worstMs, because }: Wait, ms: number): Wait {
  if (worstMs !== null && worstMs <= ms) return wait(firstMs, worstMs, because)
  const [least, most] = firstMs ?? [ms, ms]
  return wait([Math.min(least, ms), Math.min(most, ms)], ms, `commandTimeout ${ms}`)
}

/** Attempts that each take `attemptMs` to fail, with the pauses between them. */
function untilGivenUp(major: 5 | 6, options: IoredisOptions, attemptMs: number): Wait {
  const { enableOfflineQueue = true, maxRetriesPerRequest: retries = DEFAULT_RETRIES, retryDelayMs } = options
  if (retryDelayMs === false) {
    return wait([attemptMs, attemptMs], attemptMs, 'retryStrategy gives up, and nothing connects again')
  }
  if (!enableOfflineQueue && (retries === 0 || attemptMs > 0))
    return wait([0, 0], 0, 'enableOfflineQueue: false')
  if (retries === null || retries < 0) {
    return wait(
      null,
      null,
      `maxRetriesPerRequest: ${retries}, so the offline queue waits until Redis is back`,
    )
  }
  const pauses = pausesOf(major, retryDelayMs)
  const first = sum(retries, pauses.before) + (retries + 1) * attemptMs
  const worst = (retries + 1) * (attemptMs + pauses.longestMs + pauses.jitterMs)
  const because = enableOfflineQueue
    ? `${retries + 1} attempts to connect come first (maxRetriesPerRequest ${retries})`
    : `a command that was under way waits for ${retries + 1} attempts (maxRetriesPerRequest ${retries})`
  const most = first + retries * pauses.jitterMs
  return wait([first, most], enableOfflineQueue ? worst : most, because)
}

function stalled(major: 5 | 6, options: IoredisOptions): Wait {
  const {
    socketTimeout,
    maxRetriesPerRequest = DEFAULT_RETRIES,
    enableOfflineQueue = true,
    retryDelayMs,
  } = options
  if (socketTimeout === undefined || socketTimeout <= 0) {
    return wait(null, null, 'neither commandTimeout nor socketTimeout is set')
  }
  if (maxRetriesPerRequest !== 0) {
    return wait(
      null,
      null,
      'socketTimeout alone: a command that was sent is kept for another try unless maxRetriesPerRequest is 0',
    )
  }
  const { longestMs, jitterMs } = pausesOf(major, retryDelayMs === false ? 0 : retryDelayMs)
  const worst = socketTimeout + (enableOfflineQueue ? longestMs + jitterMs : 0)
  return wait([socketTimeout, socketTimeout], worst, `socketTimeout ${socketTimeout}`)
}

function pausesOf(major: 5 | 6, retryDelayMs: number | undefined): Pauses {
  if (retryDelayMs === undefined) return major === 5 ? IOREDIS_5 : IOREDIS_6
  return { before: () => retryDelayMs, longestMs: retryDelayMs, jitterMs: 0 }
}

function sum(count: number, term: (index: number) => number): number {
  let total = 0
  for (let index = 1; index <= count; index++) total += term(index)
  return total
}
