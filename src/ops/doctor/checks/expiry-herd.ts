import type { KeysCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { keysTold, ofFamilies } from '../sampled.js'
import type { SampledKey } from '../key-sample.js'
import { statusOf } from '../status-of.js'

const FEWEST = 100
const AT_ONCE_MS = 1000

export const expiryHerdCheck: KeysCheck = {
  on: 'keys',
  id: 'KEY-006',
  group: 'keys',
  title: 'keys expire one by one',
  unit: '% of the sample',
  threshold: {
    warn: 25,
    fail: null,
    source: 'Redis latency doc: above 25 % expired the cycle that removes keys repeats, and blocks',
  },
  deadlineMs: 6000,
  privileges: '+scan (%R~* +pttl)',
  run(sample, _world, threshold) {
    const { keys, from } = keysTold(sample, 'ttlMs')
    const expiring = keys.filter(({ ttlMs }) => ttlMs !== null)
    if (expiring.length < FEWEST) {
      return {
        status: 'skip',
        message: `${expiring.length} keys with a TTL are too few to tell; ${from}`,
      }
    }
    const herd = mostAtOnce(expiring)
    const value = (herd.length / expiring.length) * 100
    const status = statusOf(value, threshold)
    const within = `${herd.length} of ${expiring.length} (${inWords.percent(value / 100)}) expire within one second`
    if (status === 'ok') return { status, message: `at most ${within}; ${from}`, value }
    const first = inWords.time(herd[0]!.ttlMs!)
    return {
      status,
      message: `${within}, ${first} from now: ${ofFamilies(herd)}; Redis removes them at once, and whoever needs them asks the source at once`,
      value,
      remediation: {
        text: 'Spread the TTLs: ttlJitter (0.1 is the default of this package) where they are written.',
      },
    }
  },
}

/** The most keys whose ends lie within a second, the earliest first. */
function mostAtOnce(keys: readonly SampledKey[]): SampledKey[] {
  const sorted = [...keys].sort((a, b) => a.ttlMs! - b.ttlMs!)
  let [from, best]: [number, [number, number]] = [0, [0, 0]]
  for (let to = 0; to < sorted.length; to++) {
    while (sorted[to]!.ttlMs! - sorted[from]!.ttlMs! >= AT_ONCE_MS) from++
    if (to + 1 - from > best[1] - best[0]) best = [from, to + 1]
  }
  return sorted.slice(...best)
}
