import type { OperatorClient } from '../../../library/backends/operator.js'
import { estimateSum } from '../estimate.js'
import type { Catalogue } from '../families.js'
import { maskKey } from '../mask.js'
import { measureKeys } from '../measure.js'
import { Moments } from '../moments.js'
import type { Pace } from '../pace.js'
import { Reservoir } from '../reservoir.js'
import type { Estimate } from '../../report/keys-report.js'

/** Keys that are measured, of however many. */
const MEASURED = 1000
const MEASURED_AT_ONCE = 500
const EXAMPLES = 3

/** Counts keys, and measures a fair sample of them for the memory that they hold. */
export class SizeSample {
  readonly #places = new Reservoir(MEASURED, 1)
  readonly #bytes = new Map<number, number>()
  readonly #catalogue: Catalogue
  /** MEMORY USAGE was refused. */
  #isUnknown = false
  /** Some of the keys, masked. */
  readonly examples: string[] = []

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
  }

  get keys(): number {
    return this.#places.seen
  }

  /** What all of them hold together; null where the server would not say. */
  get memoryBytes(): Estimate | null {
    if (this.#isUnknown) return null
    const moments = new Moments()
    for (const bytes of this.#bytes.values()) moments.add(bytes)
    return estimateSum(moments, this.keys)
  }

  /** @throws OperatorError */
  async add(client: OperatorClient, keys: readonly Buffer[], pace: Pace): Promise<void> {
    const picked = keys.flatMap((key) => {
      const place = this.#places.offer()
      return place === null ? [] : [{ key, place }]
    })
    for (const { key } of picked.slice(0, EXAMPLES - this.examples.length)) {
      this.examples.push(maskKey(key, this.#catalogue))
    }
    for (let at = 0; at < picked.length; at += MEASURED_AT_ONCE) {
      const batch = picked.slice(at, at + MEASURED_AT_ONCE)
      const measured = await pace.run(() =>
        measureKeys(
          client,
          batch.map(({ key }) => key),
        ),
      )
      for (const [index, { place }] of batch.entries()) {
        const { bytes } = measured[index] ?? { bytes: 0 }
        if (bytes === null) this.#isUnknown = true
        // A key that has gone costs nothing.
        this.#bytes.set(place, bytes ?? 0)
      }
    }
  }
}
