import type { KeysCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { commandsFor, keysTold, ofFamilies } from '../sampled.js'
import { statusOf } from '../status-of.js'

export const keysWithoutTtlCheck: KeysCheck = {
  on: 'keys',
  id: 'KEY-001',
  group: 'keys',
  title: 'cached keys expire',
  unit: '% of the sample',
  threshold: {
    warn: 0,
    fail: 5,
    source:
      'redis/agent-skills (ram-ttl) and the convention of the reference application: never without a TTL; 5 % is ours',
  },
  deadlineMs: 6000,
  privileges: '+scan (%R~* +pttl)',
  run(sample, _world, threshold) {
    const { keys, from } = keysTold(sample, 'ttlMs', ({ family }) => family !== null)
    if (keys.length === 0) return { status: 'skip', message: `no key of a declared family; ${from}` }
    const lasting = keys.filter(({ ttlMs }) => ttlMs === null)
    const value = (lasting.length / keys.length) * 100
    if (lasting.length === 0) {
      return { status: 'ok', message: `${keys.length} of ${keys.length}; ${from}`, value }
    }
    const message =
      `${lasting.length} of ${keys.length} (${inWords.percent(value / 100)}) have no TTL: ${ofFamilies(lasting)}; ` +
      'what is stale in there stays until somebody deletes it'
    const remediation = {
      text: 'Find what writes without a TTL (cache audit), then remove what is there.',
      commands: commandsFor(lasting),
    }
    return { status: statusOf(value, threshold), message, value, remediation }
  },
}
