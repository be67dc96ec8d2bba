import type { KeysCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { commandsFor, keysTold, ofFamilies } from '../sampled.js'
import { statusOf } from '../status-of.js'

export const ttlAboveDeclaredCheck: KeysCheck = {
  on: 'keys',
  id: 'KEY-008',
  group: 'keys',
  title: 'TTLs as declared',
  unit: '% of the sample',
  threshold: {
    warn: 0,
    fail: 5,
    source:
      'the TTLs that the key families declare, which bound how long a stale answer may live; 5 % is ours',
  },
  deadlineMs: 6000,
  privileges: '+scan (%R~* +pttl)',
  run(sample, _world, threshold) {
    const { keys, from } = keysTold(sample, 'ttlMs', ({ declaredSeconds }) => declaredSeconds !== null)
    const declared = keys.filter(({ ttlMs }) => ttlMs !== null)
    if (declared.length === 0) return { status: 'skip', message: `no key with a declared TTL; ${from}` }
    const above = declared.filter(({ declaredSeconds, ttlMs }) => ttlMs! > declaredSeconds! * 1000)
    const value = (above.length / declared.length) * 100
    if (above.length === 0)
      return { status: 'ok', message: `${declared.length} of ${declared.length}; ${from}`, value }
    const longest = Math.max(...above.map(({ ttlMs }) => ttlMs!))
    const message =
      `${above.length} of ${declared.length} (${inWords.percent(value / 100)}) live longer than declared: ${ofFamilies(above)}; ` +
      `the longest for another ${inWords.time(longest)}`
    const remediation = {
      text: 'Something else writes these keys, or with a TTL of its own: look at them, and purge what should not be there.',
      commands: commandsFor(above),
    }
    return { status: statusOf(value, threshold), message, value, remediation }
  },
}
