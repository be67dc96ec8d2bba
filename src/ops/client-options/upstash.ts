import { wait, worstOf, type TimeToFallback } from './time-to-fallback.js'

/** The options of @upstash/redis that decide how long a call waits. */
export interface UpstashOptions {
  /** `retry.retries`; false is one more request without a pause, as in the client. @default 5 */
  retries?: number | false
  /** What `signal: () => AbortSignal.timeout(…)` says, in ms. @default none */
  timeoutMs?: number
}

const DEFAULT_RETRIES = 5

/**
 * @upstash/redis 1.39 (HttpClient.request): `retries + 1` requests with 50 · e^i ms between them, and no timeout of its
 * own. `signal` is asked once for all of them: a request that it aborts ends the call, a pause goes on to its end. An
 * HTTP error status is not tried again; what is meant here is a network error.
 */
export function upstashTimeToFallback({
  retries = DEFAULT_RETRIES,
  timeoutMs,
}: UpstashOptions): TimeToFallback {
  const pauses = retries === false ? [0] : Array.from({ length: retries }, (_, index) => 50 * Math.exp(index))
  const refusedMs = lastAttemptMs(pauses, timeoutMs ?? Infinity)
  const requests = pauses.length + 1
  const because = requests === 1 ? 'one request' : `${requests} requests with growing pauses`
  const refused = wait([refusedMs, refusedMs], refusedMs, `${because} (retry.retries)`)
  const hung =
    timeoutMs === undefined
      ? wait(null, null, 'no signal is set, and fetch has no timeout of its own')
      : wait([timeoutMs, timeoutMs], timeoutMs, `signal ${timeoutMs}`)
  const ways = { refused, stalled: hung, unreachable: hung }
  // An HTTP error status, as the service gives while it cannot answer, is not tried again.
  const loading = wait([0, 0], 0, 'an HTTP error status is not tried again')
  return { ...ways, loading, everyCallPays: true, lastingMs: worstOf(ways), offlineQueue: false }
}

/** When the attempt begins that ends the call: the last one, or the first after the signal. */
function lastAttemptMs(pauses: readonly number[], signalMs: number): number {
  let beginsAt = 0
  for (const pause of pauses) {
    if (beginsAt >= signalMs) break
    beginsAt += pause
  }
  return beginsAt
}
