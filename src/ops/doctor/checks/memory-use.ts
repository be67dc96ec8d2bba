import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import type { Info } from '../info.js'
import { statusOf } from '../status-of.js'

export const memoryUseCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-001',
  group: 'memory',
  title: 'memory in use',
  unit: '% of maxmemory',
  threshold: {
    warn: 80,
    fail: 90,
    source: '80 %: Redis observability guide, for servers that do not evict; 90 %: Redis mixins',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, { warn, fail }) {
    const info = await world.info()
    const [used, limit] = [info.number('used_memory'), info.number('maxmemory')]
    if (used === null || limit === null)
      return { status: 'skip', message: 'INFO of this service does not tell its memory' }
    if (limit === 0)
      return { status: 'skip', message: `${inWords.bytes(used)}, and no limit to compare with (MEM-003)` }
    const value = (used / limit) * 100
    const message = `${inWords.bytes(used)} of ${inWords.bytes(limit)} (${inWords.percent(used / limit)})`
    const policy = info.text('maxmemory_policy')
    const share = evictable(policy, info)
    if (share === 1) return { status: 'ok', message: `${message}; a cache that evicts may be full`, value }
    const judged = statusOf(value, { warn, fail })
    if (judged === 'ok') return { status: 'ok', message, value }
    const after =
      share === 0
        ? `when it is full, ${policy ?? 'its policy'} refuses writes`
        : `${policy} evicts only the ${inWords.percent(share)} of the keys that have a TTL, and then refuses writes`
    // As long as there is something to evict nothing is refused.
    return { status: share === 0 ? judged : 'warn', message: `${message}; ${after}`, value, remediation }
  },
}

const remediation = {
  text: 'Let it evict before it is full, or give it more memory.',
  commands: ['redis-cli CONFIG SET maxmemory-policy allkeys-lru'],
}

/** Of the keys, how many may go when room is needed, from 0 to 1. */
function evictable(policy: string | null, { keys }: Info): number {
  if (policy?.startsWith('allkeys-')) return 1
  if (!policy?.startsWith('volatile-') || !keys || keys.all === 0) return 0
  return keys.expiring / keys.all
}
