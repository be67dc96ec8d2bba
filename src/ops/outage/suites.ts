import { faults } from '../faults/index.js'
import type { Fault } from '../faults/fault.js'
import type { Phases } from '../report/drill-report.js'
import type { Subject } from '../experiment/subjects/subject.js'

/** Drills of one subject. A drill is called like its fault. */
export interface Part {
  drills: readonly string[]
  /** What is drilled, unless it is told otherwise. */
  subject: string
}

/** A named set of drills. */
export interface Suite {
  /** At least one; they run in this order. */
  parts: readonly Part[]
  /** How long each of its drills takes, unless it is told otherwise. */
  phases: Readonly<Phases>
  /** All of it takes less, in ms. */
  withinMs: number
}

/** Of a drill that is asked for by its name. */
export const DRILL_PHASES: Readonly<Phases> = { beforeMs: 2000, duringMs: 6000, afterMs: 6000 }

/** What only a value that carries its own key and checksum survives: plain JSON text cannot (DESIGN §5). */
const NEED_INTEGRITY: readonly string[] = ['corrupt', 'swapped-replies', 'poison']

const namesOf = (those: (fault: Fault) => boolean): string[] => faults.filter(those).map(({ name }) => name)
const overRedis = ({ protocols }: Fault) => protocols.includes('resp')

export const suites: Readonly<Record<'smoke' | 'upstash' | 'security' | 'full', Suite>> = {
  /** What every client meets sooner or later, within 90 s; `after` is longer than C8 allows for recovery. */
  smoke: {
    parts: [
      {
        drills: ['refused', 'stall', 'reset', 'latency', 'oom', 'readonly', 'flap'],
        subject: 'library',
      },
    ],
    phases: { beforeMs: 1000, duringMs: 4000, afterMs: 5500 },
    withinMs: 90_000,
  },
  /** What the REST API of Upstash, and the path to it, do sooner or later. */
  upstash: {
    parts: [
      {
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
      },
    ],
    phases: { beforeMs: 1000, duringMs: 3000, afterMs: 5500 },
    withinMs: 90_000,
  },
  /**
   * Who sees what he may not, through faults of Redis and of the source: records revoked in the outage, strangers of
   * the same tenant, and somebody of another one.
   */
  security: {
    parts: [
      {
        drills: [
          'refused',
          'stall',
          'reset',
          'latency',
          'oom',
          'readonly',
          'flap',
          'loading',
          'cold',
          'cut',
          'busy',
          'misconf',
          'masterdown',
          'supabase-down',
          'supabase-slow',
          'supabase-5xx',
        ],
        subject: 'stores',
      },
    ],
    phases: { beforeMs: 1000, duringMs: 3000, afterMs: 5500 },
    withinMs: 210_000,
  },
  /** Everything that can go wrong, each on the part of the library that it is about. */
  full: {
    parts: [
      {
        drills: namesOf((fault) => overRedis(fault) && !NEED_INTEGRITY.includes(fault.name)),
        subject: 'library',
      },
      { drills: namesOf(({ name }) => NEED_INTEGRITY.includes(name)), subject: 'library-integrity' },
      { drills: namesOf(({ protocols }) => protocols.join() === 'rest'), subject: 'library-upstash' },
      { drills: namesOf(({ takesSource }) => takesSource === true), subject: 'stores' },
    ],
    phases: { beforeMs: 1000, duringMs: 4000, afterMs: 5500 },
    withinMs: 900_000,
  },
}

/** The names of all that it runs, once each. */
export function drillsOf({ parts }: Suite): string[] {
  return [...new Set(parts.flatMap(({ drills }) => drills))]
}

/** What is run when nothing is named. */
export function usualSuite({ protocol, source }: Pick<Subject, 'protocol' | 'source'>): Suite {
  if (source !== undefined) return suites.security
  return protocol === 'rest' ? suites.upstash : suites.smoke
}

/**
 * Operations per second, unless it is told otherwise. With Redis away each is a question to the emulated Supabase, which takes
 * some 5 ms of this machine's time; the machine must not be what is measured.
 */
export function usualRate({ source }: Pick<Subject, 'source'>): number {
  return source === undefined ? 200 : 50
}

export function findDrill(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name)
}
