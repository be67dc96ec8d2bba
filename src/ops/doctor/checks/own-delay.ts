import { SKIPPED_WHILE_AWAY } from '../away.js'
import type { WorldCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { isHeldUp, OWN_DELAY_MS } from '../own-delay.js'
import { statusOf } from '../status-of.js'

/** Shorter says nothing about a p99. */
const FEWEST_MS = 100

export const ownDelayCheck: WorldCheck = {
  on: 'world',
  id: 'LAT-003',
  group: 'connectivity',
  title: 'this process is not held up',
  unit: 'ms',
  threshold: {
    ...OWN_DELAY_MS,
    source:
      'ours: a round trip in one zone takes less than a millisecond, so with more than these the clock is the slow part',
  },
  deadlineMs: 5000,
  async run(world, threshold) {
    const { backend } = world.cache
    if (backend === null) return { status: 'skip', message: 'no Redis is configured' }
    if (backend.backend === 'redis' && !(await world.reach()).client) {
      return { status: 'skip', message: SKIPPED_WHILE_AWAY }
    }
    const { seconds, delay } = await world.ownDelay()
    if (seconds * 1000 < FEWEST_MS)
      return { status: 'unknown', message: 'it was not watched for long enough' }
    const value = delay.p99
    const message = `late by ${inWords.time(value)} (p99; max ${inWords.time(delay.max)}) while it probed`
    const seen = { value, detail: { p99Ms: value, maxMs: delay.max, count: delay.turns, seconds } }
    const judged = statusOf(value, threshold)
    // Once or twice is a hiccup of this run, and no state of the machine.
    const status = judged === 'FAIL' && !isHeldUp(delay, threshold.fail ?? 0) ? 'warn' : judged
    if (status === 'ok') return { status, message, ...seen }
    return {
      status,
      message: `${message}: ${status === 'FAIL' ? 'no time that was measured here counts' : 'times that were measured here are too long by that'}`,
      ...seen,
      remediation: {
        text: 'The CPU of this machine is too busy, or throttled (cgroup limits): give it more, or run doctor elsewhere. A service here has the same delay on every call.',
        commands: ['uptime', 'cat /sys/fs/cgroup/cpu.stat'],
      },
    }
  },
}
