import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

export const rejectedClientsCheck: ServerCheck = {
  on: 'server',
  id: 'CLI-002',
  group: 'server',
  title: 'nobody is turned away',
  unit: 'per minute',
  threshold: {
    warn: 0,
    fail: 5,
    source: 'any: redis/agent-skills; 5 a minute: Redis mixins',
  },
  deadlineMs: 6000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const { after, seconds, grew } = await world.interval()
    const [rejected, ever] = [grew('rejected_connections'), after.number('rejected_connections')]
    if (rejected === null || ever === null) {
      return { status: 'skip', message: 'INFO of this service does not tell whom it turned away' }
    }
    const value = rejected / (seconds / 60)
    const period = `within ${inWords.time(seconds * 1000)}`
    if (ever === 0) return { status: 'ok', message: 'no connection was, since its counters began', value }
    const status = statusOf(value, threshold)
    if (status === 'ok' && rejected === 0) {
      const message = `${ever} since its counters began, none ${period}`
      return { status: threshold.warn === null ? 'ok' : 'warn', message, value, remediation: FORGET }
    }
    return { status, message: `${rejected} ${period}`, value, ...(status !== 'ok' && { remediation: FULL }) }
  },
}

const FULL = {
  text: 'maxclients is reached: see CLI-001.',
  commands: ['redis-cli INFO clients', 'redis-cli CLIENT LIST'],
}

const FORGET = {
  text: 'Ask when maxclients was reached (CLI-001). Once that is mended, begin to count anew.',
  commands: ['redis-cli INFO clients', 'redis-cli CONFIG RESETSTAT'],
}
