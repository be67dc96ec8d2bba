import type { Command } from '../../../library/backends/operator.js'

/** How keys are made to go away: at once, or spread over the next `overMs`. */
export type Method = { kind: 'unlink' } | { kind: 'fade'; overMs: number }

/**
 * What takes the keys away; `expiries` are when they end in a fade, in ms since 1970, in the order of the keys. Lifetimes
 * are compared by whoever decides, so no flag of PEXPIREAT is needed that only Redis 7 knows.
 */
export function commandsFor(keys: readonly Buffer[], expiries: readonly number[] | null): Command[] {
  if (expiries === null) return [['UNLINK', ...keys]]
  return keys.map((key, index) => ['PEXPIREAT', key, expiries[index]!])
}

/**
 * A new lifetime for a key that fades; null for one that expires within the span anyway: a lifetime is only ever lowered.
 * Even over the span, so that as many keys expire in its first second as in its last.
 */
export function fadedTtl(ttlMs: number | null, overMs: number, random: () => number): number | null {
  if (ttlMs !== null && ttlMs <= overMs) return null
  return 1 + Math.floor(random() * overMs)
}
