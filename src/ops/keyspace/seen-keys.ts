import { randomInt } from 'node:crypto'

const GROW_AT = 0.8
/** Tables that grow one after the other, so that only a small one has to be there twice. */
const TABLES = 16
const TABLE_BITS = Math.log2(TABLES)

/**
 * Remembers which keys were seen, by 64 bits of hash instead of the keys themselves: 10 to 20 bytes per key. That two
 * of a million keys share a hash, and one goes uncounted, happens once in 37 million runs.
 */
export class SeenKeys {
  // The hash differs from run to run, so that nobody can prepare keys that hide each other.
  readonly #seed = randomInt(2 ** 32)
  readonly #tables = Array.from({ length: TABLES }, () => ({ slots: new Uint32Array(2 * 64), size: 0 }))
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Whether the key is new. */
  add(key: Uint8Array): boolean {
    const low = hash(key, this.#seed) || 1
    const high = hash(key, this.#seed ^ 0x9e3779b9)
    const table = this.#tables[high >>> (32 - TABLE_BITS)]!
    if (!insert(table.slots, low, high)) return false
    this.#size += 1
    table.size += 1
    if (table.size * 2 > table.slots.length * GROW_AT) table.slots = doubled(table.slots)
    return true
  }
}

function doubled(slots: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(slots.length * 2)
  for (let slot = 0; slot < slots.length; slot += 2) {
    if (slots[slot] !== 0) insert(larger, slots[slot]!, slots[slot + 1]!)
  }
  return larger
}

/** Open addressing over pairs of words; a first word of 0 marks a free slot. */
function insert(slots: Uint32Array, low: number, high: number): boolean {
  const mask = slots.length - 1
  for (let slot = (low << 1) & mask & ~1; ; slot = (slot + 2) & mask) {
    if (slots[slot] === 0) {
      slots[slot] = low
      slots[slot + 1] = high
      return true
    }
    if (slots[slot] === low && slots[slot + 1] === high) return false
  }
}

/** Murmur3, 32 bits. */
function hash(bytes: Uint8Array, seed: number): number {
  let state = seed
  const blocks = bytes.length & ~3
  for (let at = 0; at < blocks; at += 4) {
    state ^= mix(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0
  }
  let rest = 0
  for (let at = bytes.length - 1; at >= blocks; at--) rest = (rest << 8) | bytes[at]!
  if (blocks < bytes.length) state ^= mix(rest)
  state ^= bytes.length
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}

function mix(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51)
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593)
}
