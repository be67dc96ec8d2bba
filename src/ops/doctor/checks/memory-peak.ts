import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

/** MEMORY DOCTOR says nothing of a server that has less. */
const SMALLEST_BYTES = 5 * 1024 ** 2
/** From here on MEMORY DOCTOR mentions it. */
const MENTIONED = 1.5

export const memoryPeakCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-006',
  group: 'memory',
  title: 'memory at its peak',
  unit: 'peak / used',
  threshold: { warn: null, fail: null, source: 'MEMORY DOCTOR mentions it above 1.5; it is no fault' },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const info = await world.info()
    const [used, peak] = [info.number('used_memory'), info.number('used_memory_peak')]
    if (used === null || peak === null || used === 0) {
      return { status: 'skip', message: 'INFO of this service does not tell its peak' }
    }
    if (peak < SMALLEST_BYTES) {
      return { status: 'skip', message: `${inWords.bytes(peak)}; below 5 MiB it says nothing` }
    }
    const value = peak / used
    const shown = `${inWords.bytes(peak)}, ${inWords.bytes(used)} now`
    const message = value > MENTIONED ? `${shown}; the pages between may still be held` : shown
    const status = statusOf(value, threshold)
    return { status, message, value, ...(status !== 'ok' && { remediation: SHRUNK }) }
  },
}

const SHRUNK = {
  text: 'Ask what was there at the peak: a limit that is lower than the peak evicts when it comes again.',
  commands: ['redis-cli MEMORY DOCTOR', 'redis-cli MEMORY PURGE'],
}
