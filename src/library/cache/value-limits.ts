import { emit } from '../kernel/events.js'
import { RESERVED_PREFIX } from './tombstone.js'

const MAX_KEY_BYTES = 32 * 1024
const MAX_TTL_SECONDS = 604_800

/** Any other key is refused rather than sent. */
export function isUsableKey(key: unknown): key is string {
  // A UTF-16 unit takes three bytes at most, so short keys need not be measured.
  return (
    typeof key === 'string' &&
    key !== '' &&
    (key.length * 3 <= MAX_KEY_BYTES || Buffer.byteLength(key) <= MAX_KEY_BYTES)
  )
}

export type EncodedValue =
  { refused: null; text: string } | { refused: 'NOT_SERIALISABLE' | 'RESERVED_TEXT' | 'TOO_LARGE' }

/** Null and undefined are not values: a reader could not tell them from a miss. Never throws. */
export function encodeValue<T>(value: T, serialize: (value: T) => string, maxBytes: number): EncodedValue {
  if (value === null || value === undefined) return { refused: 'NOT_SERIALISABLE' }
  let text: unknown
  try {
    text = serialize(value)
  } catch {
    return { refused: 'NOT_SERIALISABLE' }
  }
  if (typeof text !== 'string') return { refused: 'NOT_SERIALISABLE' }
  if (text.startsWith(RESERVED_PREFIX)) return { refused: 'RESERVED_TEXT' }
  if (text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)) {
    return { refused: 'TOO_LARGE' }
  }
  return { refused: null, text }
}

/** Null for a text that is not a value of this cache. Never throws. */
export function decodeValue<T>(
  text: string,
  codec: { deserialize: (text: string) => T; validate: ((value: unknown) => value is T) | null },
): T | null {
  if (text.startsWith(RESERVED_PREFIX)) return null
  try {
    const value = codec.deserialize(text) as T | null | undefined
    if (value === undefined || value === null) return null
    return codec.validate && !codec.validate(value) ? null : value
  } catch {
    // Whatever stands there was not written by this version of the service; the next set replaces it.
    return null
  }
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
