import { subjects } from '../src/ops/experiment/subjects/index.js'
import { refused } from '../src/ops/faults/refused.js'
import { stall } from '../src/ops/faults/stall.js'
import { startSandbox } from '../src/ops/sandbox/start-sandbox.js'
import { faultRun, type FaultRun } from './fault-run.js'
import { mean, median, quantile, readable, spread } from './statistics.js'
import { printTable, promise } from './table.js'

const NAMES = ['library', 'naive-ioredis5', 'naive-ioredis6']
const DEADLINE_MS = 100
const REPEATS = 9

type Server = { host: string; port: number }

const share = (waits: readonly number[], ms: number) =>
  waits.filter((wait) => wait >= ms).length / waits.length
const percent = (part: number) => `${(part * 100).toFixed(1)} %`
const chosen = NAMES.map((name) => subjects.find((subject) => subject.name === name)!)

/** What a caller waits while Redis is away, and how soon it is used again: the library beside what most apps run. */
export async function benchOutage(): Promise<void> {
  const sandbox = await startSandbox()
  try {
    await benchWaits(sandbox.redis)
    for (const seconds of [6, 60]) await benchRecovery(sandbox.redis, seconds)
  } finally {
    await sandbox.stop()
  }
}

async function benchWaits(server: Server): Promise<void> {
  const rows = [['6 s of', 'subject', 'mean wait', 'p50', 'p99', 'worst', `≥ ${DEADLINE_MS} ms`]]
  const of = new Map<string, number[]>()
  for (const fault of [stall, refused]) {
    for (const subject of chosen) {
      const { waitsMs } = await faultRun({ subject, server, fault, duringMs: 6000, ratePerSecond: 200 })
      of.set(`${fault.name} ${subject.name}`, waitsMs)
      const at = (part: number) => readable(quantile(waitsMs, part))
      rows.push([
        fault.name,
        subject.name,
        readable(mean(waitsMs)),
        at(0.5),
        at(0.99),
        at(1),
        percent(share(waitsMs, DEADLINE_MS)),
      ])
    }
  }
  printTable(rows)
  const stalled = of.get('stall library')!
  const refusing = of.get('refused library')!
  promise('stall: mean added time per operation ≤ 5 ms', readable(mean(stalled)), mean(stalled) <= 5)
  const paid = share(stalled, DEADLINE_MS)
  promise('stall: ≤ 2 % of operations pay the deadline', percent(paid), paid <= 0.02)
  const p99 = quantile(refusing, 0.99)
  promise('refused: p99 ≤ 5 ms', readable(p99), p99 <= 5)
}

async function benchRecovery(server: Server, seconds: number): Promise<void> {
  const rows = [[`first hit after a stall of ${seconds} s`, `median of ${REPEATS} (least–most)`]]
  let ours: number[] = []
  for (const subject of chosen) {
    // Each heal comes at another instant of the client's reconnect cycle.
    const runs: FaultRun[] = await Promise.all(
      Array.from({ length: REPEATS }, (_, index) => {
        const duringMs = seconds * 1000 + index * 83
        return faultRun({ subject, server, fault: stall, duringMs, ratePerSecond: 50 })
      }),
    )
    const hits = runs.map((run) => run.firstHitMs)
    if (subject.name === 'library') ours = hits
    rows.push([subject.name, spread(hits)])
  }
  printTable(rows)
  promise(`first hit after ${seconds} s: median ≤ 500 ms`, readable(median(ours)), median(ours) <= 500)
  promise(`first hit after ${seconds} s: worst ≤ 1 s`, readable(Math.max(...ours)), Math.max(...ours) <= 1000)
}
