import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { ofFamilies, sampled } from '../sampled.js'

export const keysWithoutTtlCheck: ServerCheck = {
  on: 'server',
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
  async run(_client, world, { warn, fail }) {
    const sample = await world.keySample()
    const lasting = sample.keys.filter(({ ttlMs }) => ttlMs === null)
    if (sample.keys.length === 0)
      return { status: 'skip', message: `no key of a declared family; ${sampled(sample)}` }
    const value = (lasting.length / sample.keys.length) * 100
    if (lasting.length === 0)
      return {
        status: 'ok',
        message: `${sample.keys.length} of ${sample.keys.length}; ${sampled(sample)}`,
        value,
      }
    const message =
      `${lasting.length} of ${sample.keys.length} (${inWords.percent(value / 100)}) have no TTL: ${ofFamilies(lasting)}; ` +
      'what is stale in there stays until somebody deletes it'
    const remediation = {
      text: 'Find what writes without a TTL (cache audit), then remove what is there.',
      commands: [...new Set(lasting.map(({ family }) => `cache keys --family ${family}`))],
    }
    if (fail !== null && value > fail) return { status: 'FAIL', message, value, remediation }
    return { status: warn !== null && value > warn ? 'warn' : 'ok', message, value, remediation }
  },
}
