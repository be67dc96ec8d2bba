import type { UpstashCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { parseInfo } from '../info.js'

export const upstashEvictionCheck: UpstashCheck = {
  on: 'upstash',
  id: 'UPS-004',
  group: 'connectivity',
  title: 'Upstash evicts when it is full',
  unit: '% of its size',
  threshold: {
    warn: null,
    fail: 90,
    source:
      'Upstash documentation: eviction is off by default, and a full database then rejects writes; 90 %: Redis mixins',
  },
  deadlineMs: 3000,
  async run(upstash, _world, { fail }) {
    const { refusal, result } = await upstash.send('INFO')
    if (refusal !== null) return { status: 'skip', message: `INFO is refused: ${refusal}` }
    const info = parseInfo(String(result))
    const policy = info.text('maxmemory_policy')
    const [used, limit] = [info.number('used_memory'), info.number('maxmemory')]
    if (policy === null) {
      return {
        status: 'unknown',
        message:
          'INFO of this service does not tell; only its console, or a write once it is full (UPS-003), can',
        remediation: { text: 'See Configuration, Eviction in the console of Upstash.' },
      }
    }
    if (limit === 0) return { status: 'skip', message: 'without a limit nothing is evicted' }
    if (policy !== 'noeviction')
      return { status: 'ok', message: /^[\w-]{1,40}$/.test(policy) ? policy : 'it does' }
    const value = used === null || limit === null ? null : (used / limit) * 100
    const full = value === null ? '' : `, and ${inWords.percent(value / 100)} of it is in use`
    return {
      status: value !== null && fail !== null && value > fail ? 'FAIL' : 'warn',
      message: `eviction is off${full}: once it is full, writes and limiters are refused, while PING and GET work`,
      value,
      remediation: { text: 'Switch eviction on in the console of Upstash (Configuration); it is a cache.' },
    }
  },
}
