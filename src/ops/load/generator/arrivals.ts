import { seededRandom } from '../../experiment/random.js'
import type { Traffic } from './traffic.js'

type Options = Pick<Traffic, 'arrivals' | 'ratePerSecond' | 'seed' | 'beforeMs'>

/** Of every second, the part in which `burst` has all of its operations. */
const BURST_SHARE = 0.2
/** Of the rate, where `ramp` begins. */
const RAMP_FROM = 0.1

/** When operations are due, in ms, the first at 0 or soon after: endless, in order, and a pure function of its options. */
export function arrivals(options: Options): Generator<number, never, void> {
  return SPREADS[options.arrivals](options)
}

const SPREADS: Record<Traffic['arrivals'], (options: Options) => Generator<number, never, void>> = {
  *constant({ ratePerSecond }) {
    // Multiplied, not summed: a sum of fractions would drift over a long run.
    for (let count = 0; ; count++) yield (count * 1000) / ratePerSecond
  },

  *poisson({ ratePerSecond, seed }) {
    const random = seededRandom(seed)
    for (let dueMs = 0; ;) {
      dueMs -= (Math.log(1 - random()) * 1000) / ratePerSecond
      yield dueMs
    }
  },

  *burst({ ratePerSecond }) {
    for (let second = 0; ; second++) {
      const count = Math.floor((second + 1) * ratePerSecond) - Math.floor(second * ratePerSecond)
      for (let index = 0; index < count; index++) yield second * 1000 + (index * 1000 * BURST_SHARE) / count
    }
  },

  *ramp({ ratePerSecond, beforeMs }) {
    const perMs = ratePerSecond / 1000
    const rising = 1 - RAMP_FROM
    // As many as are due until then: the area under the line.
    const risen = perMs * beforeMs * (RAMP_FROM + rising / 2)
    for (let count = 0; ; count++) {
      if (count >= risen) yield beforeMs + (count - risen) / perMs
      else
        yield (
          (beforeMs * (Math.sqrt(RAMP_FROM ** 2 + (2 * rising * count) / (perMs * beforeMs)) - RAMP_FROM)) /
          rising
        )
    }
  },
}
