import { randomBytes } from 'node:crypto'

/**
 * Everything that the library stores beside plain values begins with this; no JSON text does. A value whose own text
 * begins with it is refused.
 */
export const RESERVED_PREFIX = '~tc1:'

/** What `del` leaves behind for a while, so that a value computed before it cannot be stored after it. */
export const TOMBSTONE_PREFIX = `${RESERVED_PREFIX}tomb:`

/** A fresh tombstone. Random, not counted, so that an expired one never comes back. */
export function createTombstone(): string {
  return TOMBSTONE_PREFIX + randomBytes(12).toString('base64url')
}

export function isTombstone(raw: string): boolean {
  return raw.startsWith(TOMBSTONE_PREFIX)
}
