import { faults } from '../faults/index.js'
import type { Fault } from '../faults/fault.js'

/** Named sets of drills. A drill is called like its fault. */
export const suites: Readonly<Record<'smoke', readonly string[]>> = {
  /** What every client meets sooner or later; short enough for each build. */
  smoke: ['refused', 'stall', 'reset', 'latency', 'oom', 'readonly', 'flap'],
}

export function findDrill(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name)
}
