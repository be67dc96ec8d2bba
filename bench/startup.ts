import { spawnSync } from 'node:child_process'
import { promise, printTable } from './table.js'
import { median, spread } from './statistics.js'

const RUNS = 21

const CASES: [name: string, argv: string[], mostTimes: number | null][] = [
  ['node -e 0', ['-e', '0'], null],
  ['cache --version', ['bin/run.js', '--version'], 1.6],
  ['cache simulate-outage --help', ['bin/run.js', 'simulate-outage', '--help'], 6],
]

/** Start-up as ratios to an empty Node process, the three interleaved so that they meet the same noise. */
export function benchStartup(): void {
  // Loading extra certificates costs Node 20 more than the whole of what is measured here.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const times = CASES.map((): number[] => [])
  for (let run = -1; run < RUNS; run++) {
    CASES.forEach(([name, argv], index) => {
      const startedAt = performance.now()
      const { status } = spawnSync(process.execPath, argv, { env, stdio: 'ignore' })
      if (status !== 0) throw new Error(`${name} ended with ${status}`)
      // The first round only fills the file cache.
      if (run >= 0) times[index]!.push(performance.now() - startedAt)
    })
  }
  const base = median(times[0]!)
  const ratio = (index: number) => median(times[index]!) / base
  printTable([
    ['start-up', 'wall, median (least–most)', '× node -e 0'],
    ...CASES.map(([name], index) => [name, spread(times[index]!), ratio(index).toFixed(2)]),
  ])
  CASES.forEach(([name, , most], index) => {
    if (most !== null)
      promise(`${name} ≤ ${most} × node -e 0`, `${ratio(index).toFixed(2)} ×`, ratio(index) <= most)
  })
}
