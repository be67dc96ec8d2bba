/** How many slots a cluster divides its keys into. */
export const SLOTS = 16_384

const OPENING = 0x7b
const CLOSING = 0x7d

/** The slot of a key in a cluster: of what stands between its first braces, where that is something, else of all of it. */
export function keySlot(key: Uint8Array): number {
  const open = key.indexOf(OPENING)
  const close = open === -1 ? -1 : key.indexOf(CLOSING, open + 1)
  const hashed = close > open + 1 ? key.subarray(open + 1, close) : key
  return crc16(hashed) % SLOTS
}

/** CRC-16/XMODEM, as the cluster specification has it. */
function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021
    crc &= 0xffff
  }
  return crc
}
