import { faults } from '../faults/index.js'
import type { Fault } from '../faults/fault.js'
import type { Phases } from '../report/drill-report.js'
import type { Protocol } from '../faults/doors/door.js'

/** A named set of drills. A drill is called like its fault. */
export interface Suite {
  drills: readonly string[]
  /** What is drilled, unless it is told otherwise. */
  subject: string
  /** How long each of its drills takes, unless it is told otherwise. */
  phases: Readonly<Phases>
}

/** Of a drill that is asked for by its name. */
export const DRILL_PHASES: Readonly<Phases> = { beforeMs: 2000, duringMs: 6000, afterMs: 6000 }

export const suites: Readonly<Record<'smoke' | 'upstash', Suite>> = {
  /** What every client meets sooner or later, within 90 s; `after` is longer than C8 allows for recovery. */
  smoke: {
    drills: ['refused', 'stall', 'reset', 'latency', 'oom', 'readonly', 'flap'],
    subject: 'library',
    phases: { beforeMs: 1000, duringMs: 4000, afterMs: 5500 },
  },
  /** What the REST API of Upstash, and the path to it, do sooner or later. */
  upstash: {
    drills: [
      'refused',
      'reset',
      'upstash-429',
      'upstash-500',
      'upstash-401',
      'upstash-html',
      'upstash-hang',
      'upstash-slow',
    ],
    subject: 'library-upstash',
    phases: { beforeMs: 1000, duringMs: 3000, afterMs: 5500 },
  },
}

/** What is run when nothing is named. */
export function usualSuite(protocol: Protocol): Suite {
  return protocol === 'rest' ? suites.upstash : suites.smoke
}

export function findDrill(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name)
}
