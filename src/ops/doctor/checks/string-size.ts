import type { KeysCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { commandsFor, keysTold, ofFamilies } from '../sampled.js'
import { statusOf } from '../status-of.js'

export const stringSizeCheck: KeysCheck = {
  on: 'keys',
  id: 'KEY-002',
  group: 'keys',
  title: 'strings are small',
  unit: 'bytes',
  threshold: {
    warn: 100_000,
    fail: 1_048_576,
    source: 'RedisInsight and the Azure guide: below 100 kB; 1 MiB is the most that this package stores',
  },
  deadlineMs: 6000,
  privileges: '+scan (%R~* +memory|usage +strlen +type)',
  run(sample, _world, threshold) {
    const told = keysTold(sample, 'size', ({ type = 'string' }) => type === 'string')
    const strings = told.keys.sort((a, b) => b.size - a.size)
    const [largest] = strings
    if (!largest) return { status: 'skip', message: `no string; ${told.from}` }
    const value = largest.size
    const status = statusOf(value, threshold)
    if (status === 'ok') {
      const message = `${strings.length} of at most ${inWords.bytes(value)}; ${told.from}`
      return { status, message, value }
    }
    const limit = threshold.warn ?? threshold.fail!
    const big = strings.filter(({ size }) => size > limit)
    return {
      status,
      message:
        `${big.length} of ${strings.length} are larger than ${inWords.bytes(limit)}: ${ofFamilies(big)}; ` +
        `the largest has ${inWords.bytes(value)}, and everybody waits while it is read and sent`,
      value,
      remediation: {
        text: 'Store only what is read, or in parts; maxValueBytes of this package refuses more than it says.',
        commands: commandsFor(big),
      },
    }
  },
}
