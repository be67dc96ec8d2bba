import type { Family } from '../../library/families/family.js'
import type { Catalogue, DeclaredFamily } from './families.js'
import { OrphanGroups } from './orphan-groups.js'
import { SeenKeys } from './seen-keys.js'
import { Tally } from './tally.js'

export interface CountOptions {
  catalogue: Catalogue
  /** Only keys of this family; others that its glob lets through are not counted. */
  family: Family | null
  /** Keys measured per kind; Infinity for all. */
  perFamily: number
  seed: number
}

/** A key to be measured, and where the measurement goes. */
export interface Picked {
  key: Buffer
  family: DeclaredFamily | null
  tally: Tally
  place: number
}

/** The keys of one pass, each counted once and by its kind. */
export class CountedKeys {
  readonly #options: CountOptions
  readonly #seen = new SeenKeys()
  readonly #families = new Map<string, Tally>()
  readonly orphans: Tally
  readonly orphanGroups: OrphanGroups
  repeated = 0
  #others = 0

  constructor(options: CountOptions) {
    this.#options = options
    this.orphans = new Tally(options)
    this.orphanGroups = new OrphanGroups(options.catalogue)
  }

  /** Of those that were asked for. */
  get size(): number {
    return this.#seen.size - this.#others
  }

  tallyOf(family: Family): Tally {
    let tally = this.#families.get(family.id)
    if (!tally) this.#families.set(family.id, (tally = new Tally({ ...this.#options, family })))
    return tally
  }

  isNew(key: Buffer): boolean {
    if (this.#seen.add(key)) return true
    this.repeated += 1
    return false
  }

  /** New keys that were not asked for. */
  leaveOut(keys: number): void {
    this.#others += keys
  }

  /** Counts a new key; null when it need not be measured. */
  count(key: Buffer): Picked | null {
    const family = this.#options.catalogue.classify(key)
    if (this.#options.family && family?.id !== this.#options.family.id) {
      this.leaveOut(1)
      return null
    }
    if (!family) this.orphanGroups.add(key)
    const tally = family ? this.tallyOf(family) : this.orphans
    const place = tally.count()
    return place === null ? null : { key, family, tally, place }
  }
}
