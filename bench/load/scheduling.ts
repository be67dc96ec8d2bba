import type { Arrivals } from '../../src/ops/load/generator/traffic.js'
import { median, readable } from '../statistics.js'
import { printTable } from '../table.js'
import { drive, READS } from './drive.js'
import { promiseOn } from './promise-on.js'
import { subjectSurface } from './known-surfaces.js'

const RATE = 10_000
const RUNS = 5
const SECONDS = 5
const KEPT_MS = 2
/** The others once, for information. */
const SPREADS: [Arrivals, number][] = [
  ['constant', RUNS],
  ['poisson', 1],
  ['burst', 1],
]

/** How late the worker begins what is due, on a subject that answers at once. */
export async function benchScheduling(): Promise<void> {
  const rows = [[`10,000/s for ${SECONDS} s`, 'p50', 'p99', 'max', 'not begun', 'the machine itself, p99']]
  const p99s: number[] = []
  const machine: number[] = []
  for (const [arrivals, runs] of SPREADS) {
    for (let run = 1; run <= runs; run++) {
      const surface = subjectSurface('none')
      const traffic = { ...READS, ratePerSecond: RATE, arrivals }
      const { lateness, beats, unstarted } = await drive({ surface, traffic, seconds: SECONDS })
      const at = (share: number) => lateness.quantileMs(share) ?? NaN
      const beat = beats.quantileMs(0.99) ?? NaN
      if (arrivals === 'constant') {
        p99s.push(at(0.99))
        machine.push(beat)
      }
      rows.push([
        runs === 1 ? arrivals : `${arrivals}, run ${run}`,
        readable(at(0.5)),
        readable(at(0.99)),
        readable(lateness.maxMs),
        String(unstarted),
        readable(beat),
      ])
    }
  }
  printTable(rows)
  const text = `scheduling error at 10,000/s: median of ${RUNS} p99s ≤ ${KEPT_MS} ms`
  promiseOn(median(machine), text, readable(median(p99s)), median(p99s) <= KEPT_MS)
}
