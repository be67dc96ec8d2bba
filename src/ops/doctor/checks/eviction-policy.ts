import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { inWords } from '../in-words.js'
import { settingOf } from '../setting.js'

export const evictionPolicyCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-002',
  group: 'memory',
  title: 'eviction policy',
  threshold: {
    warn: null,
    fail: null,
    source:
      'Redis eviction doc: allkeys-lru when unsure; volatile-* acts like noeviction without keys that expire',
  },
  deadlineMs: 5000,
  privileges: '+info +config|get',
  async run(client, world) {
    const info = await world.info()
    if (info.number('maxmemory') === 0) {
      return { status: 'skip', message: 'none applies without a limit (MEM-003)' }
    }
    const policy = info.text('maxmemory_policy') ?? (await settingOf(client, 'maxmemory-policy'))
    if (policy === null) return { status: 'skip', message: 'this service does not tell its policy' }
    if (policy === 'noeviction') {
      return advised(
        'FAIL',
        'noeviction on a cache: when it is full, writes and limiter scripts are refused (OOM), while PING and GET work',
      )
    }
    if (policy === 'allkeys-random')
      return advised('warn', 'allkeys-random throws hot keys away as readily as cold ones')
    if (!policy.startsWith('volatile-')) return { status: 'ok', message: policy }
    const { keys } = info
    const lasting = keys ? keys.all - keys.expiring : 0
    if (lasting === 0) return { status: 'ok', message: `${policy}, and every key expires` }
    return advised(
      'warn',
      `${policy} never evicts the ${inWords.percent(lasting / keys!.all)} of the keys that have no TTL`,
    )
  },
}

function advised(status: Finding['status'], message: string): Finding {
  return {
    status,
    message,
    remediation: {
      text: 'Let a cache evict what was not used for longest; on a server that is shared with a queue or sessions, give the cache one of its own.',
      commands: ['redis-cli CONFIG SET maxmemory-policy allkeys-lru'],
    },
  }
}
