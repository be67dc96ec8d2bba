import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

/** Fewer say nothing about the usual one. */
const FEWEST = 100
/** What looks after a server, doctor among them, would water down what the application pays. */
const NOT_THE_APPLICATION =
  /^(?:ping|info|hello|auth|select|command|config|client|slowlog|latency|acl|time)\b/

export const serverTimeCheck: ServerCheck = {
  on: 'server',
  id: 'LAT-002',
  group: 'server',
  title: 'server time per command',
  unit: 'ms',
  threshold: {
    warn: 1,
    fail: 10,
    source:
      'Redis observability guide: below 1 ms on average, commonly 0.4..0.6; 10 ms is what Redis logs as slow by default',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const { commands } = await world.info()
    if (!commands) return { status: 'skip', message: 'INFO of this service does not tell what commands cost' }
    const counted = [...commands].filter(([name]) => !NOT_THE_APPLICATION.test(name))
    const calls = sum(counted.map(([, cost]) => cost.calls))
    if (calls < FEWEST) {
      return { status: 'skip', message: `only ${calls} calls since its counters began, of ${FEWEST} needed` }
    }
    const value = sum(counted.map(([, cost]) => cost.usec)) / calls / 1000
    const [dearest, cost] = counted.reduce((most, each) => (each[1].usec > most[1].usec ? each : most))
    const message =
      `${value < 0.01 ? 'less than 0.01 ms' : inWords.time(value)} on average of ${calls} calls; ` +
      `most of it goes to ${dearest}, ${inWords.time(cost.usec / cost.calls / 1000)} each`
    const status = statusOf(value, threshold)
    return { status, message, value, ...(status !== 'ok' && { remediation: SLOW }) }
  },
}

const SLOW = {
  text: 'It is the server, not the network: find commands that walk whole keys (KEYS, big collections, long scripts), and a busy CPU.',
  commands: ['redis-cli INFO commandstats', 'redis-cli SLOWLOG GET 10'],
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
