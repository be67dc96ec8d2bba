/** Counts what is under way, so that `close` can let it end. */
export class InFlight {
  #count = 0
  #onIdle: (() => void) | null = null

  async run<R>(work: () => Promise<R>): Promise<R> {
    this.#count++
    try {
      return await work()
    } finally {
      if (--this.#count === 0) this.#onIdle?.()
    }
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve))
  }
}
