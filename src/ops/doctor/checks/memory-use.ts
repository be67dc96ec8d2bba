import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'

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
    if (policy?.startsWith('allkeys-')) {
      return { status: 'ok', message: `${message}; a cache that evicts may be full`, value }
    }
    const after = `; when it is full, ${policy ?? 'its policy'} refuses writes`
    const remediation = {
      text: 'Let it evict before it is full, or give it more memory.',
      commands: ['redis-cli CONFIG SET maxmemory-policy allkeys-lru'],
    }
    if (fail !== null && value > fail) return { status: 'FAIL', message: message + after, value, remediation }
    if (warn !== null && value > warn) return { status: 'warn', message: message + after, value, remediation }
    return { status: 'ok', message, value }
  },
}
