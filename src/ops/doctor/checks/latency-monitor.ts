import type { OperatorClient } from '../../../library/backends/operator.js'
import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { settingIfTold, settingOf } from '../setting.js'
import { statusOf } from '../status-of.js'

const DAY_S = 86_400

export const latencyMonitorCheck: ServerCheck = {
  on: 'server',
  id: 'LAT-004',
  group: 'server',
  title: 'latency events',
  unit: 'ms',
  threshold: {
    warn: null,
    fail: 100,
    source: 'Redis latency monitoring; off by default (redis.conf); 100 ms within 24 h is ours',
  },
  deadlineMs: 5000,
  privileges: '+latency|latest +latency|history +time +config|get',
  async run(client, _world, threshold) {
    const setting = await settingIfTold(client, 'latency-monitor-threshold')
    const from = setting === null ? null : Number(setting)
    if (from === 0) {
      return { status: 'skip', message: 'the latency monitor is off, as it is by default', remediation: ON }
    }
    if (from !== null && threshold.fail !== null && from > threshold.fail) {
      const message = `it only keeps events above ${inWords.time(from)}`
      return { status: 'skip', message, remediation: ON }
    }
    const events = await eventsOfToday(client)
    const worst = events.reduce<TimedEvent | null>(
      (most, each) => (most && most.ms >= each.ms ? most : each),
      null,
    )
    if (!worst) {
      // As of the slow log (SLO-001): a right that is missing is thrown here.
      if (from === null) await settingOf(client, 'latency-monitor-threshold')
      return from === null
        ? { status: 'skip', message: 'no events, and this service does not tell whether it watches' }
        : { status: 'ok', message: `none of ${inWords.time(from)} or more within 24 h`, value: 0 }
    }
    const message = `${events.length} within 24 h, the longest ${inWords.time(worst.ms)} (${worst.name})`
    const status = statusOf(worst.ms, threshold)
    return { status, message, value: worst.ms, ...(status !== 'ok' && { remediation: STALLED }) }
  },
}

interface TimedEvent {
  name: string
  ms: number
}

/** What LATENCY LATEST calls the maximum is that of all times. */
async function eventsOfToday(client: OperatorClient): Promise<TimedEvent[]> {
  const latest = (await client.send('LATENCY', 'LATEST')) as [string, ...unknown[]][]
  if (latest.length === 0) return []
  const [now, ...histories] = await client.pipeline([
    ['TIME'],
    ...latest.map(([name]) => ['LATENCY', 'HISTORY', name] as const),
  ])
  const since = Number((now as [string, string])[0]) - DAY_S
  return histories.flatMap((history, index) =>
    (history as [number, number][])
      .filter(([at]) => at >= since)
      .map(([, ms]) => ({ name: latest[index]![0], ms })),
  )
}

const ON = {
  text: 'Let it keep what took long.',
  commands: ['redis-cli CONFIG SET latency-monitor-threshold 100'],
}

const STALLED = {
  text: 'Everybody waited for it: ask the server for its own explanation; forks and the disk show here too.',
  commands: ['redis-cli LATENCY DOCTOR'],
}
