import type { Family } from '../../library/families/families.js'
import type { OperatorClient } from '../../library/backends/operator.js'
import { isGivenUp } from './as-report-error.js'
import type { Catalogue } from './families.js'
import { measureKeys } from './measure.js'
import { OrphanGroups } from './orphan-groups.js'
import { createPace } from './pace.js'
import { scanPages } from './scan.js'
import { SeenKeys } from './seen-keys.js'
import { Tally } from './tally.js'

export interface PassOptions {
  client: OperatorClient
  catalogue: Catalogue
  /** Only keys of this family; others that its glob lets through are not counted. */
  family: Family | null
  match: string | null
  /** Keys measured per kind; Infinity for all. */
  perFamily: number
  seed: number
  /** Stop after this many keys. */
  limit: number | null
  gentle: boolean
  signal?: AbortSignal | undefined
  onProgress(keysSeen: number): void
}

/** Keys in one pipeline of measurements; bounds how long others wait for the server. */
const MEASURED_AT_ONCE = 200

/** One pass over the keys: counts all, measures a sample of each kind as it comes by. What it has is valid at any time. */
export class Pass {
  readonly #options: PassOptions
  readonly #seen = new SeenKeys()
  readonly #families = new Map<string, Tally>()
  readonly orphans: Tally
  readonly orphanGroups: OrphanGroups
  repeated = 0
  /** Keys that the family's glob let through and its pattern did not. */
  lookAlikes = 0
  cursor = '0'
  complete = false

  constructor(options: PassOptions) {
    this.#options = options
    this.orphans = new Tally(options)
    this.orphanGroups = new OrphanGroups(options.catalogue)
  }

  get keysSeen(): number {
    return this.#seen.size - this.lookAlikes
  }

  tallyOf(family: Family): Tally {
    let tally = this.#families.get(family.id)
    if (!tally) this.#families.set(family.id, (tally = new Tally(this.#options)))
    return tally
  }

  /** Ends when it is through, at the limit, or when the signal aborts. @throws OperatorError */
  async run(): Promise<void> {
    try {
      await this.#pages()
    } catch (error) {
      // The server hung, and was not waited for when the signal aborted.
      if (!isGivenUp(error)) throw error
    }
  }

  async #pages(): Promise<void> {
    const { client, family, match, signal, gentle, limit, onProgress } = this.#options
    const pace = createPace({ gentle, signal, limit })
    const glob = family?.pattern.scanPattern ?? match ?? undefined
    for await (const { keys, cursor } of scanPages(client, { match: glob, pace, signal })) {
      const picked = keys.flatMap((key) => this.#take(key) ?? [])
      for (let at = 0; at < picked.length; at += MEASURED_AT_ONCE) {
        const batch = picked.slice(at, at + MEASURED_AT_ONCE)
        const measured = await pace.run(() =>
          measureKeys(
            client,
            batch.map(({ key }) => key),
          ),
        )
        for (const [index, { tally, place, key }] of batch.entries()) tally.put(place, key, measured[index]!)
      }
      this.cursor = cursor
      onProgress(this.keysSeen)
      if (cursor === '0') this.complete = true
      else if (limit !== null && this.keysSeen >= limit) return
    }
  }

  #take(key: Buffer): { tally: Tally; place: number; key: Buffer } | null {
    const found = this.#options.catalogue.classify(key)
    if (!this.#seen.add(key)) {
      this.repeated += 1
      return null
    }
    if (this.#options.family && found?.id !== this.#options.family.id) {
      this.lookAlikes += 1
      return null
    }
    if (!found) this.orphanGroups.add(key)
    const tally = found ? this.tallyOf(found) : this.orphans
    const place = tally.count()
    return place === null ? null : { tally, place, key }
  }
}
