import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { quantile } from './statistics.js'

/** Pause between two reads: a client that is neither idle nor busy. */
const PAUSE_MS = 1

/** Another client of the same server, which reads one key again and again while something else goes on. */
export class Neighbour {
  readonly #redis: Redis
  readonly #key: string

  constructor(url: string, key: string) {
    this.#redis = new Redis(url)
    this.#key = key
  }

  /** Its waits in ms, while the work goes on. */
  async during(work: () => Promise<unknown>): Promise<{ p50: number; p99: number }> {
    const waits: number[] = []
    let working = true
    const done = work().finally(() => (working = false))
    // Checked in between, and no sooner: the work may reject before anybody awaits it.
    done.catch(() => undefined)
    while (working) {
      const askedAt = performance.now()
      await this.#redis.get(this.#key)
      waits.push(performance.now() - askedAt)
      await sleep(PAUSE_MS)
    }
    await done
    return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) }
  }

  close(): void {
    this.#redis.disconnect()
  }
}
