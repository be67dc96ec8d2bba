import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

/** Below, what a process needs anyway is most of what it has. */
const SMALLEST_BYTES = 100 * 1024 ** 2
const WASTED_BYTES = 10 * 1024 ** 2
/** A healthy server may be a little below 1: what was allocated and never touched is not resident (measured: 0.85). */
const AWAY = 0.7

export const fragmentationCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-004',
  group: 'memory',
  title: 'fragmentation',
  unit: 'RSS / used',
  threshold: {
    warn: 1.4,
    fail: 2,
    source:
      'MEMORY DOCTOR: above 1.4 and 10 MiB; 2.0, and a warning below 0.7, where it may be swapped out, are ours',
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
    if (value < AWAY) {
      const message = `${shown}; the rest is swapped out, or was never touched`
      return { status: 'warn', message, value, remediation: SWAPPED }
    }
    const status = resident - used > WASTED_BYTES ? statusOf(value, threshold) : 'ok'
    return { status, message: shown, value, ...(status !== 'ok' && { remediation: FRAGMENTED }) }
  },
}

const SWAPPED = {
  text: 'See on its machine whether it is swapped out; then more RAM, or a lower maxmemory: a cache must not wait for the disk.',
  commands: ['redis-cli INFO memory', 'grep VmSwap /proc/$(pidof redis-server)/status'],
}

const FRAGMENTED = {
  text: 'Let it tidy up while it runs, where its allocator can; else it gives the memory back when it restarts.',
  commands: ['redis-cli MEMORY DOCTOR', 'redis-cli CONFIG SET activedefrag yes'],
}
