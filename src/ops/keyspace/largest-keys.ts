import type { LargeKey } from '../report/keys-report.js'
import type { MeasuredKey } from './pass.js'

interface Candidate extends Omit<LargeKey, 'key'> {
  key: Buffer
}

/** The keys that cost the server most, of those that were measured. */
export class LargestKeys {
  readonly #most: number
  /** Largest first. */
  readonly #found: Candidate[] = []

  /** @param most how many are wanted */
  constructor(most: number) {
    this.#most = most
  }

  add({ key, family, measured }: MeasuredKey): void {
    if (!measured || measured.bytes === null || this.#most === 0) return
    const { bytes, type, ttlMs } = measured
    const least = this.#found.at(-1)
    if (this.#found.length >= this.#most && least && bytes <= least.bytes) return
    const at = this.#found.findIndex((other) => other.bytes < bytes)
    // A key is a part of the page that it came with, which must not stay for its sake.
    const candidate = { key: Buffer.from(key), family: family?.id ?? null, type, bytes, ttlMs }
    this.#found.splice(at === -1 ? this.#found.length : at, 0, candidate)
    this.#found.length = Math.min(this.#found.length, this.#most)
  }

  /** @param named how a key is shown */
  list(named: (key: Buffer) => string): LargeKey[] {
    return this.#found.map(({ key, ...found }) => ({ key: named(key), ...found }))
  }
}
