import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'

export const memoryLimitCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-003',
  group: 'memory',
  title: 'memory limit',
  unit: '% of RAM',
  threshold: {
    warn: 0,
    fail: 75,
    source: 'Redis admin doc: set maxmemory and leave 10..20 % headroom; 75 % of RAM without a limit is ours',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, { fail }) {
    const info = await world.info()
    const [limit, used, ram] = ['maxmemory', 'used_memory', 'total_system_memory'].map((field) =>
      info.number(field),
    )
    if (limit == null) return { status: 'skip', message: 'INFO of this service does not tell its memory' }
    if (limit > 0) return { status: 'ok', message: inWords.bytes(limit) }
    const remediation = {
      text: 'Set a limit, with a policy that evicts; then it is never the kernel that decides what goes.',
      commands: ['redis-cli CONFIG SET maxmemory 1gb', 'redis-cli CONFIG SET maxmemory-policy allkeys-lru'],
    }
    // Managed services limit from outside, and do not tell the machine's memory.
    if (used == null || ram == null || ram === 0) {
      return { status: 'warn', message: 'no maxmemory, unless the service limits from outside', remediation }
    }
    const value = (used / ram) * 100
    const message = `no maxmemory: ${inWords.bytes(used)} of ${inWords.bytes(ram)} RAM in use (${inWords.percent(used / ram)}), and it grows until the kernel kills it`
    return { status: fail !== null && value > fail ? 'FAIL' : 'warn', message, value, remediation }
  },
}
