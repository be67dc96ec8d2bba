import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { OperatorClient } from '../../../library/backends/operator.js'
import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'

const PINGS = 500
const FEWEST = 50
const BUDGET_MS = 1500
/** `reference/ops.md` §9, LAT-003: with more delay than this of our own, what was measured is us. */
const OWN_DELAY_MS = 20

export const roundTripCheck: ServerCheck = {
  on: 'server',
  id: 'LAT-001',
  group: 'connectivity',
  title: 'round trip p99',
  unit: 'ms',
  threshold: {
    warn: 5,
    fail: 100,
    source:
      'the runbook of the reference application expects < 5..10 ms and alerts at 100 ms; a LAN needs 0.2 ms (Redis latency doc)',
  },
  deadlineMs: 6000,
  privileges: '+ping',
  async run(_client, world, { warn, fail }) {
    // A connection of its own: PINGs behind the others' replies would measure those.
    const own = await world.connect()
    const loop = monitorEventLoopDelay({ resolution: 5 })
    loop.enable()
    const times = await ping(own, world.signal)
    loop.disable()
    own.close()
    if (times.length < FEWEST) {
      const message = `only ${times.length} round trips in ${inWords.time(BUDGET_MS)}: about ${inWords.time(BUDGET_MS / times.length)} each`
      return { status: fail !== null && BUDGET_MS / times.length > fail ? 'FAIL' : 'warn', message }
    }
    const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)]
    const message = `${inWords.time(p99)} (p50 ${inWords.time(p50)}, max ${inWords.time(times.at(-1)!)}, ${times.length} PINGs)`
    const ownDelay = loop.percentile(99) / 1e6
    if (warn !== null && p99 > warn && ownDelay > OWN_DELAY_MS) {
      return {
        status: 'unknown',
        message: `${message}, but this process itself was held up for ${inWords.time(ownDelay)} (p99): the machine is busy`,
        value: p99,
      }
    }
    if (fail !== null && p99 > fail) return { status: 'FAIL', message, value: p99, remediation: SLOW }
    if (warn !== null && p99 > warn) return { status: 'warn', message, value: p99, remediation: SLOW }
    return { status: 'ok', message, value: p99 }
  },
}

const SLOW = {
  text: 'Compare with the server itself: slow commands, a fork, CPU; else the network, or another region.',
  commands: ['redis-cli SLOWLOG GET 10', 'redis-cli --latency-history'],
}

async function ping(client: OperatorClient, signal: AbortSignal): Promise<number[]> {
  const times: number[] = []
  const end = performance.now() + BUDGET_MS
  while (times.length < PINGS && performance.now() < end && !signal.aborted) {
    const begun = performance.now()
    await client.send('PING')
    times.push(performance.now() - begun)
  }
  return times.sort((a, b) => a - b)
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!
}
