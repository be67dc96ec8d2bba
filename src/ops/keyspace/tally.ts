import { estimateCount, estimateSum, quantile } from './estimate.js'
import type { Estimate, KindReport } from '../report/keys-report.js'
import type { Catalogue } from './families.js'
import { maskKey } from './mask.js'
import type { Measurement } from './measure.js'
import { Sample } from './sample.js'

const MAX_EXAMPLES = 3

/** A key of the sample, as it was when it came by; null when it had gone by then. */
type Sampled = (Measurement & { key: string }) | null

/** Counts the keys of one kind and keeps a sample of them. */
export class Tally {
  readonly #sample: Sample<Sampled>
  readonly #catalogue: Catalogue

  constructor({ perFamily, seed, catalogue }: { perFamily: number; seed: number; catalogue: Catalogue }) {
    this.#sample = new Sample(perFamily, seed)
    this.#catalogue = catalogue
  }

  /** Counts a key; the place to `put` its measurement in, null when it need not be measured. */
  count(): number | null {
    return this.#sample.offer()
  }

  put(place: number, key: Buffer, measurement: Measurement | null): void {
    this.#sample.put(place, measurement && { ...measurement, key: maskKey(key, this.#catalogue) })
  }

  get keys(): number {
    return this.#sample.seen
  }

  /** How many keys are like this, and some of them. */
  having(is: (measurement: Measurement) => boolean): { keys: Estimate; examples: string[] } {
    const { items } = this.#sample
    const hits = items.filter((item) => item !== null && is(item))
    return {
      keys: estimateCount(hits.length, items.length, this.keys),
      examples: hits.slice(0, MAX_EXAMPLES).map((hit) => hit!.key),
    }
  }

  report(allKeys: number): KindReport {
    const present = this.#sample.items.filter((item) => item !== null)
    const sized = present.filter((item): item is typeof item & { bytes: number } => item.bytes !== null)
    const ttls = present.flatMap(({ ttlMs }) => (ttlMs === null ? [] : [ttlMs])).sort((a, b) => a - b)
    const largest = sized.reduce<(typeof sized)[number] | null>(
      (best, item) => (best === null || item.bytes > best.bytes ? item : best),
      null,
    )
    return {
      keys: this.keys,
      share: allKeys === 0 ? 0 : this.keys / allKeys,
      sampled: this.#sample.items.length,
      memoryBytes: sized.length < present.length ? null : estimateSum(this.#bytes(), this.keys),
      largest: largest && { key: largest.key, bytes: largest.bytes },
      ttlSeenMs:
        ttls.length === 0
          ? null
          : { p5: quantile(ttls, 0.05)!, p50: quantile(ttls, 0.5)!, p95: quantile(ttls, 0.95)! },
      withoutTtl: this.having(({ ttlMs }) => ttlMs === null).keys,
      types: countBy(present.map(({ type }) => type)),
    }
  }

  /** A key that has gone costs nothing. */
  #bytes(): number[] {
    return this.#sample.items.map((item) => item?.bytes ?? 0)
  }
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries(counts)
}
