import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

const GIB = 1024 ** 3
/** Below, what a fork costs anyway is most of its time. */
const SMALLEST_BYTES = 100 * 1024 ** 2

export const forkTimeCheck: ServerCheck = {
  on: 'server',
  id: 'PER-002',
  group: 'server',
  title: 'time of a fork',
  unit: 'ms per GiB',
  threshold: {
    warn: 40,
    fail: 100,
    source: 'LATENCY DOCTOR: below 25 GiB/s (40 ms per GiB) is poor, below 10 GiB/s (100 ms) terrible',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const info = await world.info()
    const usec = info.number('latest_fork_usec')
    const [used, peak] = [info.number('used_memory'), info.number('used_memory_peak')]
    if (usec === null || used === null) {
      return { status: 'skip', message: 'INFO of this service does not tell how long its forks take' }
    }
    if (usec === 0) return { status: 'skip', message: 'it has not forked since it was started' }
    // How much it had when it forked is not told: with the most that it can have been, nobody is blamed wrongly.
    const bytes = Math.max(used, peak ?? 0)
    const took = `the last took ${inWords.time(usec / 1000)}, with at most ${inWords.bytes(bytes)} in use`
    if (bytes < SMALLEST_BYTES) {
      return { status: 'skip', message: `${took}; below 100 MiB it says nothing` }
    }
    const value = usec / 1000 / (bytes / GIB)
    const status = statusOf(value, threshold)
    if (status === 'ok') return { status, message: took, value }
    return {
      status,
      message: `${took}: everybody waits meanwhile`,
      value,
      remediation: {
        text: 'Take huge pages off, and a machine whose virtualisation forks faster; a pure cache need not save at all (PER-003).',
        commands: ['redis-cli CONFIG GET save', 'cat /sys/kernel/mm/transparent_hugepage/enabled'],
      },
    }
  },
}
