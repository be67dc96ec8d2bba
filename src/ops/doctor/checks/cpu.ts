import type { ServerCheck } from '../check.js'
import type { Interval } from '../interval.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

const SHORTEST_S = 0.2

export const cpuCheck: ServerCheck = {
  on: 'server',
  id: 'CPU-001',
  group: 'server',
  title: 'CPU of the server',
  unit: '% of a core',
  threshold: {
    warn: 80,
    fail: 90,
    source: 'Redis observability guide: high is above 80 % of a core; ElastiCache: alarm at 90 % EngineCPU',
  },
  deadlineMs: 6000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const interval = await world.interval()
    const used = secondsUsed(interval)
    if (used === null) return { status: 'skip', message: 'INFO of this service does not tell its CPU time' }
    if (interval.seconds < SHORTEST_S) {
      return { status: 'skip', message: `${inWords.time(interval.seconds * 1000)} are too short to tell` }
    }
    const value = (used / interval.seconds) * 100
    const message = `${inWords.percent(value / 100)} of a core within ${inWords.time(interval.seconds * 1000)}`
    const status = statusOf(value, threshold)
    return { status, message, value, ...(status !== 'ok' && { remediation: BUSY }) }
  },
}

const BUSY = {
  text: 'One thread runs all commands: find the dear ones first; then shard, or a faster core, because more cores do not help.',
  commands: ['redis-cli INFO commandstats', 'redis-cli SLOWLOG GET 10'],
}

/** The thread that runs commands, where it is told apart; its children save and rewrite elsewhere. */
function secondsUsed({ grew }: Interval): number | null {
  const [system, user] = [
    grew('used_cpu_sys_main_thread') ?? grew('used_cpu_sys'),
    grew('used_cpu_user_main_thread') ?? grew('used_cpu_user'),
  ]
  return system === null || user === null ? null : system + user
}
