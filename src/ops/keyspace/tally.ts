import type { Family } from '../../library/families/family.js'
import type { Estimate, KindReport } from '../report/keys-report.js'
import { Distribution } from './distribution.js'
import { estimateCount, estimateSum } from './estimate.js'
import type { Catalogue } from './families.js'
import { maskKey } from './mask.js'
import type { Measured, Measurement } from './measure.js'
import { Moments } from './moments.js'
import { Reservoir } from './reservoir.js'
import { FAMILY_RULE_NAMES, FAMILY_RULES, type FamilyRule } from './rules.js'

const MAX_EXAMPLES = 3

export interface TallyOptions {
  /** Keys measured; Infinity for all, which costs no more memory than a few. */
  perFamily: number
  seed: number
  catalogue: Catalogue
  /** Whose rules are looked at. */
  family?: Family | null
}

/** Counts the keys of one kind, and adds up what was measured of them or of a sample. */
export class Tally {
  readonly #catalogue: Catalogue
  readonly #reservoir: Reservoir
  /** What stands at a place, to be taken out again when another key takes the place over. */
  readonly #places: Map<number, Measurement | null> | null
  readonly #rules: readonly [FamilyRule, (measurement: Measurement) => boolean][]
  readonly #broken = new Map<FamilyRule, number>()
  readonly #examples = new Map<FamilyRule | 'any', string[]>()
  readonly #types = new Map<string, number>()
  /** A key that has gone costs nothing. */
  readonly #cost = new Moments()
  readonly #bytes = new Distribution()
  readonly #ttls = new Distribution()
  #unsized = 0
  #withoutTtl = 0
  #largest: { key: string; bytes: number } | null = null

  constructor({ perFamily, seed, catalogue, family }: TallyOptions) {
    this.#catalogue = catalogue
    this.#reservoir = new Reservoir(perFamily, seed)
    this.#places = Number.isFinite(perFamily) ? new Map() : null
    this.#rules = family ? FAMILY_RULE_NAMES.map((rule) => [rule, FAMILY_RULES[rule](family)]) : []
  }

  /** Counts a key; the place to `put` its measurement in, null when it need not be measured. */
  count(): number | null {
    return this.#reservoir.offer()
  }

  put(place: number, key: Buffer, measured: Measured): void {
    if (measured === undefined) return
    if (this.#places) {
      const before = this.#places.get(place)
      if (before !== undefined) this.#add(before, -1)
      this.#places.set(place, measured)
    }
    this.#add(measured, 1)
    if (measured) this.#remember(key, measured)
  }

  get keys(): number {
    return this.#reservoir.seen
  }

  get sampled(): number {
    return this.#cost.count
  }

  /** Some of the keys that were measured, masked. */
  get examples(): string[] {
    return this.#examples.get('any') ?? []
  }

  /** How many keys break a rule of the family, and some of them, masked. */
  breaking(rule: FamilyRule): { keys: Estimate; examples: string[] } {
    return { keys: this.#estimate(this.#broken.get(rule) ?? 0), examples: this.#examples.get(rule) ?? [] }
  }

  report(allKeys: number): KindReport {
    const isUnseen = this.sampled === 0 && this.keys > 0
    return {
      keys: this.keys,
      share: allKeys === 0 ? 0 : this.keys / allKeys,
      sampled: this.sampled,
      memoryBytes: this.#unsized > 0 || isUnseen ? null : estimateSum(this.#cost, this.keys),
      bytesSeen: spread(this.#bytes, { p50: 0.5, p99: 0.99 }),
      largest: this.#largest,
      ttlSeenMs: spread(this.#ttls, { p5: 0.05, p50: 0.5, p95: 0.95 }),
      withoutTtl: this.#estimate(this.#withoutTtl),
      types: Object.fromEntries([...this.#types].filter(([, keys]) => keys > 0)),
    }
  }

  #add(measured: Measurement | null, by: 1 | -1): void {
    this.#change(this.#cost, measured?.bytes ?? 0, by)
    if (!measured) return
    const { ttlMs, type, bytes } = measured
    if (bytes === null) this.#unsized += by
    else this.#change(this.#bytes, bytes, by)
    if (ttlMs === null) this.#withoutTtl += by
    else this.#change(this.#ttls, ttlMs, by)
    this.#types.set(type, (this.#types.get(type) ?? 0) + by)
    for (const [rule, breaks] of this.#rules) {
      if (breaks(measured)) this.#broken.set(rule, (this.#broken.get(rule) ?? 0) + by)
    }
  }

  #change(of: Moments | Distribution, value: number, by: 1 | -1): void {
    if (by === 1) of.add(value)
    else of.remove(value)
  }

  /** True of the keys whether they stay in the sample or not. */
  #remember(key: Buffer, measured: Measurement): void {
    const { bytes } = measured
    if (bytes !== null && bytes > (this.#largest?.bytes ?? -1)) {
      this.#largest = { key: maskKey(key, this.#catalogue), bytes }
    }
    this.#exemplify('any', key)
    for (const [rule, breaks] of this.#rules) if (breaks(measured)) this.#exemplify(rule, key)
  }

  #exemplify(of: FamilyRule | 'any', key: Buffer): void {
    const known = this.#examples.get(of) ?? []
    if (known.length < MAX_EXAMPLES) this.#examples.set(of, [...known, maskKey(key, this.#catalogue)])
  }

  #estimate(hits: number): Estimate {
    return estimateCount(hits, this.sampled, this.keys)
  }
}

function spread<K extends string>(of: Distribution, shares: Record<K, number>): Record<K, number> | null {
  if (of.quantile(1) === null) return null
  const values = Object.entries<number>(shares).map(([name, share]) => [name, of.quantile(share)])
  return Object.fromEntries(values) as Record<K, number>
}
