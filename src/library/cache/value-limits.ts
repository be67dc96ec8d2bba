import { emit } from '../kernel/events.js'

const MAX_KEY_BYTES = 32 * 1024
const MAX_TTL_SECONDS = 604_800

const HALF_CHARACTER = /\p{Surrogate}/u

/** Why a key is refused rather than sent; null for a usable one. */
export function keyFault(key: unknown): string | null {
  if (typeof key !== 'string')
    return `it is not a string but ${key === null ? 'null' : `of type ${typeof key}`}`
  if (key === '') return 'it is empty'
  // A UTF-16 unit takes three bytes at most, so short keys need not be measured.
  if (key.length * 3 > MAX_KEY_BYTES && Buffer.byteLength(key) > MAX_KEY_BYTES) return 'it is over 32 KiB'
  // UTF-8 has one and the same replacement for all of them, so different keys would be one.
  return HALF_CHARACTER.test(key) ? 'it holds half of a surrogate pair' : null
}

/** Of two lifetimes in seconds the shorter one; the second may be anything. */
export function shorterTtl(seconds: number, other: unknown): number {
  return typeof other === 'number' && other >= 1 && other < seconds ? other : seconds
}

const warned = new Set<string>()

/** A lifetime in ms within 1 s to 7 days; anything else is clamped, or replaced by the default, with one warning. */
export function clampTtlMs(ttlSeconds: number, defaultSeconds: number, cache: string): number {
  const isNumber = typeof ttlSeconds === 'number' && Number.isFinite(ttlSeconds)
  if (isNumber && ttlSeconds >= 1 && ttlSeconds <= MAX_TTL_SECONDS) return ttlSeconds * 1000
  if (!warned.has(cache) && warned.size < 1000) {
    warned.add(cache)
    emit({ type: 'warning', subject: cache, message: `a TTL outside 1 to ${MAX_TTL_SECONDS} s was clamped` })
  }
  if (!isNumber) return defaultSeconds * 1000
  return Math.min(Math.max(ttlSeconds, 1), MAX_TTL_SECONDS) * 1000
}
