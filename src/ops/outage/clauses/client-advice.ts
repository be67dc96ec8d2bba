import type { Measurement } from '../../experiment/measurement.js'

/** What usually keeps callers waiting, and what to change, in the words of the client that speaks to such a backend. */
export interface ClientAdvice {
  waiting: { cause: string; change: string }
  /** What a limiter does in its client. */
  check: string
  /** What ends calls that are kept. */
  kept: string
  /** What keeps a write from landing late. */
  late: string
  /** What is in the way of looking again in time. */
  again: { cause: string; change: string }
}

const IOREDIS: ClientAdvice = {
  waiting: {
    cause:
      'most often the client queues commands without a deadline while Redis does not answer; try/catch hides an error, not a wait (ioredis defaults: offline queue on, 20 retries per command, no commandTimeout)',
    change:
      'for ioredis: commandTimeout 100, enableOfflineQueue false, maxRetriesPerRequest 0 and autoResendUnfulfilledCommands false, all four together, and a deadline in your own layer',
  },
  check: 'a deadline of 100 ms on every check, and no retries in its client; after it the policy decides',
  kept: 'put a deadline around every call, and turn the offline queue of the client off',
  late: 'do not queue or resend writes (enableOfflineQueue false, autoResendUnfulfilledCommands false, commandTimeout), and let the server refuse late ones: a set that compares and carries a time limit',
  again: {
    cause:
      'the client waits too long between its attempts to reconnect, or has given up, or the breaker stays open',
    change:
      'cap the delay between reconnects (retryStrategy) well below a second while callers wait, never return null from it, and probe as soon as the connection is ready',
  },
}

const UPSTASH: ClientAdvice = {
  waiting: {
    cause:
      'most often the client asks again and again, and without a timeout; try/catch hides an error, not a wait (@upstash/redis defaults: 5 more requests with growing pauses, 4.3 s in all, when nobody can be reached, and no end to the wait for an answer)',
    change:
      'for @upstash/redis: retry: { retries: 0 } and signal: () => AbortSignal.timeout(300), both together, and a deadline in your own layer',
  },
  check:
    'a deadline of 300 ms on every check, and in its client retry: { retries: 0 } and signal: () => AbortSignal.timeout(300); after it the policy decides',
  kept: 'put a deadline around every call, and in @upstash/redis retry: { retries: 0 } and signal: () => AbortSignal.timeout(300)',
  late: 'do not ask again for a write (@upstash/redis: retry: { retries: 0 }), end what hangs (signal: () => AbortSignal.timeout(300)), and let the server refuse late ones: a set that compares and carries a time limit',
  again: {
    cause: 'a request that hung is still waited for, or the breaker stays open',
    change:
      'end every request in time (@upstash/redis: signal: () => AbortSignal.timeout(300)), and let a breaker look again well within a second',
  },
}

export function adviceFor({ overRest }: Pick<Measurement, 'overRest'>): ClientAdvice {
  return overRest ? UPSTASH : IOREDIS
}
