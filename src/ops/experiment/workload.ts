import type { OperationRecord } from './measurement.js'
import { keysOf } from './keys.js'
import { seededRandom, shuffled, type Random } from './random.js'

/** An operation and the moment at which it starts, whether or not earlier ones have returned. */
export interface PlannedOperation {
  dueMs: number
  kind: OperationRecord['kind']
  key: string
  group: OperationRecord['group']
}

export interface WorkloadOptions {
  seed: number
  ratePerSecond: number
  /** `constant`: evenly spaced. `poisson`: independent callers, so that bursts happen. */
  arrivals: 'constant' | 'poisson'
}

type Kind = PlannedOperation['kind']

/** Two blocks of traffic are 90 % reads, 5 % puts, 5 % invalidations. */
const WRITES: readonly Kind[] = ['put', 'invalidate']
const READS: readonly Kind[] = Array<'read'>(9).fill('read')

/** The most popular key gets about a tenth of the traffic, the least popular one in a thousand. */
const SKEW = 0.8

/**
 * The traffic of an application: endless, ordered by `dueMs`, and a pure function of its options.
 *
 * Kinds are shuffled within blocks of ten, each with one write, instead of drawn: n writes can lie in 10 n + 18
 * operations at most, so every stretch of 40 or more has 5 % writes or more, however short a phase is.
 */
export function* workload(options: WorkloadOptions): Generator<PlannedOperation, never, void> {
  const random = seededRandom(options.seed)
  const pick = skewedPicker(keysOf('workload'), random)
  const meanGapMs = 1000 / options.ratePerSecond
  let count = 0
  let dueMs = 0
  for (;;) {
    for (const kind of kindsOfTwoBlocks(random)) {
      // A constant gap is multiplied, not summed: a sum of fractions would drift over a long drill.
      dueMs = options.arrivals === 'constant' ? count * meanGapMs : dueMs - Math.log(1 - random()) * meanGapMs
      count += 1
      yield { dueMs, kind, key: pick(), group: 'workload' }
    }
  }
}

function kindsOfTwoBlocks(random: Random): Kind[] {
  return shuffled(WRITES, random).flatMap((write) => shuffled([...READS, write], random))
}

/** Draws keys with a Zipf-like skew: the n-th key in proportion to 1 / n^SKEW. */
function skewedPicker(keys: readonly string[], random: Random): () => string {
  let sum = 0
  const bounds = keys.map((_, index) => (sum += (index + 1) ** -SKEW))
  return () => {
    const point = random() * sum
    const index = bounds.findIndex((bound) => point < bound)
    return keys[index] as string
  }
}
