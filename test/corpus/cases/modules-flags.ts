/** So slow that a machine with other things to do holds it, and enough for a p99 in each phase; at that pace hits need longer to show (C8). */
export const RATE = ['--rate', '50', '--after', '6s'] as const
export const UPSTASH = [...RATE, '--backend', 'upstash'] as const
const LIMIT = ['--limit', '20/1s'] as const
/** Of a limiter that is open while it cannot count, and of one that is closed. */
export const OPEN = [...RATE, ...LIMIT, '--on-unavailable', 'allow'] as const
export const CLOSED = [...RATE, ...LIMIT, '--on-unavailable', 'deny'] as const
