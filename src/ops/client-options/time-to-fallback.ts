/** Clients whose waiting is known. `transparent-cache` is the embedded library, whichever client it uses. */
export const CLIENT_LIBRARIES = ['ioredis@5', 'ioredis@6', 'upstash', 'transparent-cache'] as const
export type ClientLibrary = (typeof CLIENT_LIBRARIES)[number]

/** How long one call of a client keeps its caller when Redis is away, before it fails. In ms; null is never. */
export interface Wait {
  /** The first call of an outage: without any jitter, and with all of it. */
  firstMs: readonly [least: number, most: number] | null
  /** The worst call, which may come later in the outage, when the pauses between attempts have grown. */
  worstMs: number | null
  /** The options that decide, in a few words. */
  because: string
}

/** The worst-case time to fallback, by the way in which Redis is away. */
export interface TimeToFallback {
  /** Connections are refused or cut at once. */
  refused: Wait
  /** Connections are accepted, or were, and nothing is answered. */
  stalled: Wait
  /** Nobody answers to a new connection: the host is gone, packets are swallowed. */
  unreachable: Wait
  /** A new server loads its data, and refuses every command until it has. */
  loading: Wait
  /** True when a stall costs every call its wait for as long as it lasts, and not only the first ones. */
  everyCallPays: boolean
  /** What every call waits at most for as long as Redis stays away, in ms; null is for ever, 0 when only the first calls wait. */
  lastingMs: number | null
  /** Whether what is called while Redis is away is kept, and sent when it is back. */
  offlineQueue: boolean
}

/** The longest wait of all while nothing answers; null is never. */
export function worstOf({
  refused,
  stalled,
  unreachable,
}: Pick<TimeToFallback, 'refused' | 'stalled' | 'unreachable'>): number | null {
  const waits = [refused.worstMs, stalled.worstMs, unreachable.worstMs]
  return waits.includes(null) ? null : Math.max(...waits.map(Number))
}

export function wait(
  firstMs: readonly [number, number] | null,
  worstMs: number | null,
  because: string,
): Wait {
  return { firstMs, worstMs, because }
}
