import type { OperatorClient } from '../../../library/backends/operator.js'
import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

const QUESTIONS = 5
/** However long the window is: logs and tokens go by the clock as well. */
const NEVER_MORE_MS = 1000

export const clockCheck: ServerCheck = {
  on: 'server',
  id: 'CLK-001',
  group: 'failover',
  title: 'clocks agree',
  unit: '% of the smallest window',
  threshold: {
    warn: 5,
    fail: 25,
    source:
      'measured: two processes whose clocks differ by a window allow twice the limit; the shares are ours, and that it warns above 1 s',
  },
  deadlineMs: 5000,
  privileges: '+time',
  async run(client, { smallestWindow }, threshold) {
    const { offMs, errorMs } = await askClock(client)
    // What the way there and back explains is no difference.
    const ms = Math.max(0, Math.abs(offMs) - errorMs)
    const value = (ms / smallestWindow.ms) * 100
    const judged = statusOf(value, threshold)
    const status = judged === 'ok' && ms > NEVER_MORE_MS ? 'warn' : judged
    if (ms === 0) {
      const message = `no difference that the round trip (${inWords.time(2 * errorMs)}) does not explain`
      return { status, message, value }
    }
    const { ms: windowMs, limiter } = smallestWindow
    const window = `a window of ${inWords.time(windowMs)} (${limiter ?? 'the default'})`
    const message =
      `the server is ${inWords.time(ms)} ${offMs > 0 ? 'ahead of' : 'behind'} this machine, ` +
      `${inWords.percent(value / 100)} of ${window}`
    if (status === 'ok') return { status, message, value }
    return {
      status,
      message: `${message}: a limiter that counts by its own clock allows more than its limit`,
      value,
      remediation: {
        text: 'Let both keep time by NTP; the limiter of this package counts by the clock of Redis alone.',
        commands: ['timedatectl', 'redis-cli TIME'],
      },
    }
  },
}

/** How far the server's clock is ahead, by the fastest of a few questions: half of its time is the most that it errs. */
async function askClock(client: OperatorClient): Promise<{ offMs: number; errorMs: number }> {
  let best = { offMs: 0, errorMs: Infinity }
  for (let question = 0; question < QUESTIONS; question++) {
    const [here, begun] = [Date.now(), performance.now()]
    const reply = (await client.send('TIME')) as [seconds: string, microseconds: string]
    const wayMs = (performance.now() - begun) / 2
    const there = Number(reply[0]) * 1000 + Number(reply[1]) / 1000
    // Date.now() is a whole number: it may be up to a millisecond late.
    if (wayMs + 1 < best.errorMs) best = { offMs: there - (here + wayMs), errorMs: wayMs + 1 }
  }
  return best
}
