import type { KeysCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { commandsFor, ofFamilies, sampled } from '../sampled.js'
import { statusOf } from '../status-of.js'

export const keyLengthCheck: KeysCheck = {
  on: 'keys',
  id: 'KEY-004',
  group: 'keys',
  title: 'keys are short',
  unit: 'bytes',
  threshold: {
    warn: 512,
    fail: 32_768,
    source: 'Upstash takes no key of more than 32 KiB; 512 B is ours',
  },
  deadlineMs: 6000,
  privileges: '+scan',
  run(sample, _world, threshold) {
    if (sample.keys.length === 0) return { status: 'skip', message: `no key; ${sampled(sample)}` }
    const value = Math.max(...sample.keys.map(({ nameBytes }) => nameBytes))
    const status = statusOf(value, threshold)
    if (status === 'ok') {
      return { status, message: `the longest has ${inWords.bytes(value)}; ${sampled(sample)}`, value }
    }
    const limit = threshold.warn ?? threshold.fail!
    const long = sample.keys.filter(({ nameBytes }) => nameBytes > limit)
    return {
      status,
      message:
        `${long.length} of ${sample.keys.length} are longer than ${inWords.bytes(limit)}: ${ofFamilies(long)}; ` +
        `the longest has ${inWords.bytes(value)}, which every command carries and the server keeps in memory`,
      value,
      remediation: {
        text: 'Put ids into keys, and of what has no bound, such as a prompt or a URL, a hash.',
        commands: commandsFor(long),
      },
    }
  },
}
