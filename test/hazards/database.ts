/** A source of truth that does so much at a time and queues the rest. */
export class Database {
  readonly #workers: number
  readonly #queryMs: number
  readonly #queue: (() => void)[] = []
  #busy = 0
  #closed = false
  /** The most that were ever asked and not answered. */
  mostWaiting = 0

  constructor(workers: number, queryMs: number) {
    this.#workers = workers
    this.#queryMs = queryMs
  }

  /** Asked and not answered yet. */
  get waiting(): number {
    return this.#busy + this.#queue.length
  }

  query(): Promise<string> {
    return new Promise((resolve) => {
      this.#queue.push(() => resolve('row'))
      this.mostWaiting = Math.max(this.mostWaiting, this.waiting)
      this.#work()
    })
  }

  /** Forgets what waits. */
  close(): void {
    this.#closed = true
    this.#queue.length = 0
  }

  #work(): void {
    if (this.#closed || this.#busy >= this.#workers) return
    const answer = this.#queue.shift()
    if (!answer) return
    this.#busy++
    setTimeout(() => {
      this.#busy--
      answer()
      this.#work()
    }, this.#queryMs)
  }
}
