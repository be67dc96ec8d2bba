import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { inWords } from '../in-words.js'

const FIELDS = ['maxmemory', 'used_memory', 'used_memory_peak', 'total_system_memory']

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
    const [limit, used, peak, ram] = FIELDS.map((field) => info.number(field))
    if (limit == null) return { status: 'skip', message: 'INFO of this service does not tell its memory' }
    if (limit > 0) return { status: 'ok', message: inWords.bytes(limit) }
    // A managed service limits from outside, and does not tell the memory of its machine.
    if (used == null || ram == null || ram === 0) {
      return {
        status: 'skip',
        message: 'no maxmemory, and no RAM is told: a managed service limits from outside',
      }
    }
    const remediation = limitFor(peak ?? used, ram)
    const value = (used / ram) * 100
    const message = `no maxmemory: ${inWords.bytes(used)} of ${inWords.bytes(ram)} RAM in use (${inWords.percent(used / ram)}), and it grows until the kernel kills it`
    return { status: fail !== null && value > fail ? 'FAIL' : 'warn', message, value, remediation }
  },
}

/** The most that the Redis administration guide leaves to a Redis that has the machine for itself. */
const SHARE_OF_RAM = 0.8
const MIB = 1024 ** 2

/** A limit below what is in use already would evict at once, so none is proposed then. */
function limitFor(peak: number, ram: number): Finding['remediation'] {
  // In this order: with the limit first, a server that may not evict would refuse writes in between.
  const commands = ['redis-cli CONFIG SET maxmemory-policy allkeys-lru']
  const above = ` above its peak of ${inWords.bytes(peak)}`
  if (peak > ram * SHARE_OF_RAM) {
    return {
      text: `Let it evict, and set maxmemory${above}, so that 10 to 20 % of the machine's RAM (in a container, of its limit) stay free.`,
      commands,
    }
  }
  const limit = Math.floor((ram * SHARE_OF_RAM) / MIB)
  return {
    text: `Let it evict, and set a limit: 80 % of the RAM if nothing else runs there, else less, but${above}; in a container, 80 % of its limit.`,
    commands: [...commands, `redis-cli CONFIG SET maxmemory ${limit}mb`],
  }
}
