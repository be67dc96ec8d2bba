import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

/** Below, what a process needs anyway is most of what it has. */
const SMALLEST_BYTES = 100 * 1024 ** 2
const WASTED_BYTES = 10 * 1024 ** 2

export const fragmentationCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-004',
  group: 'memory',
  title: 'fragmentation',
  unit: 'RSS / used',
  threshold: {
    warn: 1.4,
    fail: 2,
    source: 'MEMORY DOCTOR: above 1.4 and 10 MiB; 2.0, and a failure below 1.0, where it swaps, are ours',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const info = await world.info()
    const [used, resident] = [info.number('used_memory'), info.number('used_memory_rss')]
    if (used === null || resident === null || resident === 0) {
      return { status: 'skip', message: 'INFO of this service does not tell its resident memory' }
    }
    if (used < SMALLEST_BYTES) {
      return { status: 'skip', message: `${inWords.bytes(used)} in use; below 100 MiB it says nothing` }
    }
    const value = resident / used
    const shown = `${value.toFixed(2)}: ${inWords.bytes(resident)} of RAM for ${inWords.bytes(used)} in use`
    if (value < 1) {
      const message = `${shown}; the rest is swapped out, and who needs it waits for the disk`
      return { status: 'FAIL', message, value, remediation: SWAPPED }
    }
    const status = resident - used > WASTED_BYTES ? statusOf(value, threshold) : 'ok'
    return { status, message: shown, value, ...(status !== 'ok' && { remediation: FRAGMENTED }) }
  },
}

const SWAPPED = {
  text: 'Give the machine more RAM, or Redis a lower maxmemory; a cache must not be swapped.',
  commands: ['redis-cli INFO memory'],
}

const FRAGMENTED = {
  text: 'Let it tidy up while it runs, where its allocator can; else it gives the memory back when it restarts.',
  commands: ['redis-cli MEMORY DOCTOR', 'redis-cli CONFIG SET activedefrag yes'],
}
