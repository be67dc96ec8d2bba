import { createHash } from 'node:crypto'

/** Longer segments are replaced by their hash, so that a hostile identifier cannot grow keys without bound. */
const MAX_BYTES = 128

/** What a replaced segment begins with; a value that begins like it is replaced too, so that it cannot pose as one. */
const HASHED = 'sha256='
const HASHED_SEGMENT = /^sha256%3D[0-9a-f]{64}$/

const UNSAFE = /[^A-Za-z0-9._@-]/u
const UNSAFE_EACH = /[^A-Za-z0-9._@-]/gu

/**
 * A value as one segment of a key: no `:`, glob character, brace or control character survives, so that an identifier
 * can neither reach into another segment nor widen a pattern. Plain identifiers stay readable. Two values share a
 * segment only if a hash collides, or if they differ in halves of surrogate pairs alone, which UTF-8 cannot spell: a
 * limiter counts those together, and what is cached must be checked by its reader.
 *
 * @throws RangeError for an empty value, which would make two different keys alike
 */
export function encodeSegment(value: string): string {
  if (value === '') throw new RangeError('a key segment must not be empty')
  if (Buffer.byteLength(value) > MAX_BYTES || value.startsWith(HASHED)) {
    return `${HASHED}${createHash('sha256').update(value).digest('hex')}`.replace('=', '%3D')
  }
  if (!UNSAFE.test(value)) return value
  return value.replace(UNSAFE_EACH, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )
}

/** Whether `encodeSegment` made it. */
export function isEncoded(segment: string): boolean {
  return HASHED_SEGMENT.test(segment) || (segment !== '' && encodeSegment(decodeSegment(segment)) === segment)
}

/** The value of an encoded segment; a hashed one stays as it is. */
export function decodeSegment(segment: string): string {
  if (HASHED_SEGMENT.test(segment)) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
