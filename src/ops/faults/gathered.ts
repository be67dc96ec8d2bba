/** So many pieces become one. */
const TAIL_PIECES = 1024

/**
 * Bytes that are kept as they come. A piece costs some hundred bytes besides its own, so a sender of single bytes would
 * otherwise cost hundreds of times what it sends.
 */
export class Gathered {
  #whole: Buffer[] = []
  #tail: Buffer[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  add(piece: Buffer): void {
    this.#bytes += piece.length
    this.#tail.push(piece)
    if (this.#tail.length < TAIL_PIECES) return
    this.#whole.push(Buffer.concat(this.#tail))
    this.#tail = []
  }

  /** All of it, in order, and in few pieces; nothing is left. */
  take(): Buffer[] {
    const pieces = this.#whole.length === 0 ? this.#tail : [...this.#whole, ...this.#tail]
    this.#whole = []
    this.#tail = []
    this.#bytes = 0
    return pieces
  }
}
