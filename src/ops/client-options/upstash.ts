import { wait, type TimeToFallback } from './time-to-fallback.js'

/** The options of @upstash/redis that decide how long a call waits. */
export interface UpstashOptions {
  /** `retry.retries`; false is one more request without a pause, as in the client. @default 5 */
  retries?: number | false
  /** What `signal: () => AbortSignal.timeout(…)` says, in ms. @default none */
  timeoutMs?: number
}

const DEFAULT_RETRIES = 5

/**
 * @upstash/redis 1.35 (HttpClient.request): `retries + 1` requests with 50 · e^i ms between them, and no timeout of its
 * own. An HTTP error status is not tried again; what is meant here is a network error.
 */
export function upstashTimeToFallback({
  retries = DEFAULT_RETRIES,
  timeoutMs,
}: UpstashOptions): TimeToFallback {
  const requests = retries === false ? 2 : retries + 1
  let pauses = 0
  if (retries !== false) for (let index = 0; index < retries; index++) pauses += 50 * Math.exp(index)
  const refused = wait([pauses, pauses], pauses, `${requests} requests with growing pauses (retry.retries)`)
  if (timeoutMs === undefined) {
    const never = wait(null, null, 'no signal is set, and fetch has no timeout of its own')
    return { refused, stalled: never, unreachable: never, everyCallPays: true }
  }
  const silent = requests * timeoutMs + pauses
  const bounded = wait(
    [silent, silent],
    silent,
    requests === 1 ? `signal ${timeoutMs}` : `${requests} requests of ${timeoutMs} ms each`,
  )
  return { refused, stalled: bounded, unreachable: bounded, everyCallPays: true }
}
