import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

/** Of less time than this a few connections that happen to come together make a rate. */
const SHORTEST_S = 0.5

export const connectionChurnCheck: ServerCheck = {
  on: 'server',
  id: 'CLI-005',
  group: 'server',
  title: 'connections are kept',
  unit: 'new per second',
  threshold: {
    warn: 10,
    fail: 100,
    source: 'Azure Cache for Redis: reuse connections, opening one is dear; the numbers are ours',
  },
  deadlineMs: 6000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const { seconds, ours, grew } = await world.interval()
    const received = grew('total_connections_received')
    if (received === null) {
      return { status: 'skip', message: 'INFO of this service does not count who connects' }
    }
    const period = inWords.time(seconds * 1000)
    if (seconds < SHORTEST_S) return { status: 'skip', message: `${period} are too short to tell` }
    const others = Math.max(0, received - ours)
    const value = others / seconds
    const message = `${others === 0 ? 'no' : others} new ${others === 1 ? 'one' : 'ones'} within ${period}`
    const status = statusOf(value, threshold)
    if (status === 'ok') return { status, message, value }
    return {
      status,
      message: `${message}: somebody opens a connection for each request`,
      value,
      remediation: {
        text: 'Make one client per process and keep it; in serverless functions outside of the handler, or use Upstash over REST.',
        commands: ['redis-cli CLIENT LIST', 'redis-cli INFO stats'],
      },
    }
  },
}
