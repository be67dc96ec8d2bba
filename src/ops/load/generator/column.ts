/** Numbers in a typed array that grows and is emptied again, so that what is recorded costs no object. */
export class Column<Kind extends Float64Array | Uint32Array = Float64Array> {
  #values: Kind
  #length = 0

  constructor(
    readonly make: (length: number) => Kind,
    capacity = 4096,
  ) {
    this.#values = make(capacity)
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.make(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  /** What was pushed since the last call, in an array of its own. */
  take(): Kind {
    const taken = this.#values.slice(0, this.#length) as Kind
    this.#length = 0
    return taken
  }
}

export function floats(length: number): Float64Array {
  return new Float64Array(length)
}

export function integers(length: number): Uint32Array {
  return new Uint32Array(length)
}
