import { createTally } from '../../src/ops/load/tally.js'
import { median } from '../statistics.js'
import { printTable, promise } from '../table.js'
import { drive, READS } from './drive.js'
import { subjectSurface } from './known-surfaces.js'

const SECONDS = 90
const RATE = 2000
const PHASE_MS = (SECONDS * 1000) / 3
/** V8 first takes what it may before it collects. */
const AT = [30, 60, 90]
const MOST_GROWTH = 0.1

const percentOf = (part: number) => `${(part * 100).toFixed(1)} %`
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`

/** What the worker and the engine that counts its batches hold: it must not depend on for how long. */
export async function benchMemory(): Promise<void> {
  const engine: { atMs: number; rssBytes: number }[] = []
  const tally = createTally({ duringMs: PHASE_MS, afterMs: PHASE_MS, transitionMs: 1000 })
  tally.fault(PHASE_MS)
  tally.heal(2 * PHASE_MS)
  tally.end(SECONDS * 1000)
  const startMs = performance.now()
  const { vitals } = await drive({
    surface: subjectSurface('none'),
    traffic: { ...READS, ratePerSecond: RATE },
    seconds: SECONDS,
    onBatch: (batch) => {
      tally.add(batch, SECONDS * 1000)
      engine.push({ atMs: performance.now() - startMs, rssBytes: process.memoryUsage.rss() })
    },
  })
  const zero = engine[0]?.atMs ?? 0
  const processes = {
    worker: vitals,
    'engine (this process)': engine.map((each) => ({ ...each, atMs: each.atMs - zero })),
  }
  const told: [string, number][] = []
  const rows = [[`RSS at ${RATE}/s`, ...AT.map((second) => `after ${second} s`), 'growth since']]
  for (const [name, seen] of Object.entries(processes)) {
    // The two seconds before: a collection more or less is no growth.
    const [first, ...later] = AT.map((second) =>
      median(
        seen
          .filter(({ atMs }) => atMs <= second * 1000 && atMs > (second - 2) * 1000)
          .map(({ rssBytes }) => rssBytes),
      ),
    )
    const growth = later.at(-1)! / first! - 1
    rows.push([name, ...[first!, ...later].map(megabytes), percentOf(growth)])
    told.push([name, growth])
  }
  printTable(rows)
  for (const [name, growth] of told) {
    const text = `memory of the ${name}: ≤ 10 % more after ${SECONDS} s than after ${AT[0]}`
    promise(text, percentOf(growth), growth <= MOST_GROWTH)
  }
}
