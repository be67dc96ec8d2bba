import { faults } from '../faults/index.js'
import type { Fault } from '../faults/fault.js'
import type { Phases } from '../report/drill-report.js'

/** A named set of drills. A drill is called like its fault. */
export interface Suite {
  drills: readonly string[]
  /** How long each of its drills takes, unless it is told otherwise. */
  phases: Readonly<Phases>
}

/** Of a drill that is asked for by its name. */
export const DRILL_PHASES: Readonly<Phases> = { beforeMs: 2000, duringMs: 6000, afterMs: 6000 }

export const suites: Readonly<Record<'smoke', Suite>> = {
  /** What every client meets sooner or later, within 90 s; `after` is longer than C8 allows for recovery. */
  smoke: {
    drills: ['refused', 'stall', 'reset', 'latency', 'oom', 'readonly', 'flap'],
    phases: { beforeMs: 1000, duringMs: 4000, afterMs: 5500 },
  },
}

export function findDrill(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name)
}
