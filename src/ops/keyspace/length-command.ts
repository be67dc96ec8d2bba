const COMMANDS = new Map([
  ['string', 'STRLEN'],
  ['list', 'LLEN'],
  ['hash', 'HLEN'],
  ['set', 'SCARD'],
  ['zset', 'ZCARD'],
  ['stream', 'XLEN'],
])

/** What tells how long a value of this type is: bytes of a string, members of a collection; null for what has no length. */
export function lengthCommand(type: string): string | null {
  return COMMANDS.get(type) ?? null
}
