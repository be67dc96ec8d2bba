import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { RESERVED_PREFIX } from './tombstone.js'

/** In front of a text whose cache asks for `integrity`: this, a hash of its key, `:`, a checksum of the text, `:`. */
export const INTEGRITY_PREFIX = `${RESERVED_PREFIX}int:`

const HASH_LENGTH = 12
const SUM_LENGTH = 8
const SUM_AT = INTEGRITY_PREFIX.length + HASH_LENGTH + 1
const TEXT_AT = SUM_AT + SUM_LENGTH + 1

/** Against accidents, not against forgers: whoever can write to Redis can make a header, too. */
export function seal(key: string, text: string): string {
  return `${INTEGRITY_PREFIX}${keyHash(key)}:${checksum(text)}:${text}`
}

/** The text behind the header, or what is wrong: it is another key's, or not the text that was written. */
export function unseal(
  key: string,
  sealed: string,
): { text: string } | { broken: 'another key' | 'another text' } {
  if (sealed.slice(INTEGRITY_PREFIX.length, SUM_AT) !== `${keyHash(key)}:`) return { broken: 'another key' }
  const text = sealed.slice(TEXT_AT)
  return sealed.slice(SUM_AT, TEXT_AT) === `${checksum(text)}:` ? { text } : { broken: 'another text' }
}

/** 72 bits of SHA-256: two keys of one cache do not meet by chance. */
function keyHash(key: string): string {
  return hash('sha256', key, 'base64url').slice(0, HASH_LENGTH)
}

/** CRC-32 of the UTF-8 bytes: every burst of up to 32 bits is found, and of longer ones all but 1 in 4 billion. */
function checksum(text: string): string {
  return crc32(text).toString(16).padStart(SUM_LENGTH, '0')
}
