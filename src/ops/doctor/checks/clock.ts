import type { OperatorClient } from '../../../library/backends/operator.js'
import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

const QUESTIONS = 5

export const clockCheck: ServerCheck = {
  on: 'server',
  id: 'CLK-001',
  group: 'failover',
  title: 'clocks agree',
  unit: 'ms',
  threshold: {
    warn: 1000,
    fail: 15_000,
    source:
      'measured: two processes whose clocks differ by a window allow twice the limit; 1 s, and 25 % of a window of 60 s, are ours',
  },
  deadlineMs: 5000,
  privileges: '+time',
  async run(client, _world, threshold) {
    const { offMs, errorMs } = await askClock(client)
    // What the way there and back explains is no difference.
    const value = Math.max(0, Math.abs(offMs) - errorMs)
    const direction = offMs > 0 ? 'ahead of' : 'behind'
    const message =
      value === 0
        ? `no difference that the round trip (${inWords.time(2 * errorMs)}) does not explain`
        : `the server is ${inWords.time(value)} ${direction} this machine`
    const status = statusOf(value, threshold)
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
    const errorMs = (performance.now() - begun) / 2
    const there = Number(reply[0]) * 1000 + Number(reply[1]) / 1000
    // Date.now() is a whole number: it may be up to a millisecond late.
    if (errorMs + 1 < best.errorMs) best = { offMs: there - (here + errorMs), errorMs: errorMs + 1 }
  }
  return best
}
