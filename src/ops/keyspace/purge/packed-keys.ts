/** More bytes of names than this are not kept; whoever needs them asks the server again. */
const MOST_BYTES = 32 * 1024 * 1024
const CHUNK = 1024 * 1024

/** Names of keys, in little more memory than their bytes take. */
export class PackedKeys {
  #chunks: Buffer[] = []
  #at = CHUNK
  #bytes = 0
  #overflowed = false

  /** Whether there were too many to be kept. */
  get overflowed(): boolean {
    return this.#overflowed
  }

  add(key: Buffer): void {
    const size = 4 + key.length
    this.#bytes += size
    if (this.#overflowed || this.#bytes > MOST_BYTES) {
      this.#overflowed = true
      this.#chunks = []
      return
    }
    if (this.#at + size > (this.#chunks.at(-1)?.length ?? 0)) {
      this.#chunks.push(Buffer.alloc(Math.max(CHUNK, size)))
      this.#at = 0
    }
    const chunk = this.#chunks.at(-1)!
    // Lengths are written plus one, so that 0 is where a chunk ends: the empty name is a key as well.
    chunk.writeUInt32LE(key.length + 1, this.#at)
    key.copy(chunk, this.#at + 4)
    this.#at += size
  }

  /** The names in the order in which they came, so many at a time. */
  *pages(size: number): Generator<Buffer[]> {
    let page: Buffer[] = []
    for (const chunk of this.#chunks) {
      for (let at = 0; at + 4 <= chunk.length && chunk.readUInt32LE(at) > 0;) {
        const end = at + 4 + chunk.readUInt32LE(at) - 1
        page.push(chunk.subarray(at + 4, end))
        at = end
        if (page.length < size) continue
        yield page
        page = []
      }
    }
    if (page.length > 0) yield page
  }
}
