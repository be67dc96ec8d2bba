/** What a String of RFC 9651 can hold: printable ASCII. */
const IMPOSSIBLE = /[^\x20-\x7e]/gu

/**
 * Any text as a String of a structured field, quotes included. What it cannot hold, line breaks above all, is
 * percent-encoded, so that no text can begin another field or break the one that it stands in.
 */
export function structuredString(text: string): string {
  const printable = String(text).replace(IMPOSSIBLE, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )
  return `"${printable.replace(/["\\]/g, '\\$&')}"`
}
