import { median } from '../statistics.js'
import { printTable, promise } from '../table.js'
import { drive, READS } from './drive.js'
import { subjectSurface } from './known-surfaces.js'

const SECONDS = 60
const RATE = 2000
const AT = [10, 30, 60]
const MOST_GROWTH = 0.1

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`

/** What the worker and whoever folds its batches hold, by the second: it must not depend on for how long. */
export async function benchMemory(): Promise<void> {
  const engine: { atMs: number; rssBytes: number }[] = []
  const startMs = performance.now()
  const { vitals } = await drive({
    surface: subjectSurface('none'),
    traffic: { ...READS, ratePerSecond: RATE },
    seconds: SECONDS,
    onVitals: () => engine.push({ atMs: performance.now() - startMs, rssBytes: process.memoryUsage.rss() }),
  })
  const zero = engine[0]?.atMs ?? 0
  const processes = {
    worker: vitals,
    'this process': engine.map((each) => ({ ...each, atMs: each.atMs - zero })),
  }
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
    const percent = `${(growth * 100).toFixed(1)} %`
    rows.push([name, ...[first!, ...later].map(megabytes), percent])
    promise(
      `memory of the ${name}: ≤ 10 % more after ${SECONDS} s than after 10`,
      percent,
      growth <= MOST_GROWTH,
    )
  }
  printTable(rows)
}
