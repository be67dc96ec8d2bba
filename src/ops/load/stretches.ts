import type { LoadPhase, LoadPhaseName, LoadSecond } from '../report/load-report.js'
import { decodedIn, type SavedReport } from './saved-report.js'
import { scatterOf, type Stretch } from './scatter.js'

/** What is counted of a stretch as of a whole phase. */
export type Counts = Pick<
  LoadPhase,
  | 'sent'
  | 'errors'
  | 'pending'
  | 'denied'
  | 'reads'
  | 'hits'
  | 'hitRatio'
  | 'fallbacks'
  | 'fallbackRatio'
  | 'checks'
  | 'overAdmitted'
>

/** What a run saw in one of several stretches that should be alike. */
export interface Seen extends Counts {
  durationMs: number
  loads: number | null
  /** How many were answered, and how many of them took longer than that; null where the report does not tell. */
  answered: { count: number; beyond: (limitMs: number) => number } | null
}

/** The stretches of a run, those that should be alike together. */
export type Stretches = readonly (readonly Seen[])[]

/** So many seconds of a phase say how they scatter; half an hour of them would take as long to read as everything else. */
const MOST = 60

const PHASES = ['before', 'during', 'after'] as const

/**
 * Of one run its seconds, but for those in which things change: what a fault or a heal does there is no chance. Of several runs the
 * runs, phase by phase, as one differs from the next by more than its seconds do.
 */
export function stretchesOf({ file, report }: SavedReport): Stretches {
  const sound = report.repeat?.runs?.filter(({ reason }) => reason === undefined) ?? []
  if (sound.length > 1) {
    return PHASES.map((name) =>
      sound.flatMap(({ phases }, at) =>
        phases
          .filter((phase) => phase.name === name)
          .map((phase) => ({
            ...phase,
            answered: answeredIn(file, `repeat.runs[${at}].${name}`, phase.histogram),
          })),
      ),
    )
  }
  return PHASES.map((name) => {
    const seconds = report.timeline.flatMap((second, at) => (second.phase === name ? [{ second, at }] : []))
    const fromMs = (seconds[0]?.second.atMs ?? 0) + changingMs(report.transitions ?? [], name)
    const alike = seconds.filter(({ second }) => second.atMs >= fromMs - 1)
    const step = Math.ceil(alike.length / MOST)
    return alike.filter((_, at) => at % step === 0).map(({ second, at }) => seenIn(file, second, at))
  })
}

function changingMs(
  transitions: readonly { name: string; durationMs: number }[],
  phase: LoadPhaseName,
): number {
  const part = { before: '', during: 'onset', after: 'recovery' }[phase]
  return transitions.find(({ name }) => name === part)?.durationMs ?? 0
}

function seenIn(file: string, second: LoadSecond, at: number): Seen {
  const { histogram, reads = 0, hits = 0, fallbacks = 0, loads = null } = second
  return {
    ...second,
    reads,
    hits,
    fallbacks,
    loads,
    // Of a limiter's questions no second tells.
    checks: 0,
    overAdmitted: 0,
    answered: histogram === undefined ? null : answeredIn(file, `timeline[${at}]`, histogram),
  }
}

/** Looked through once: half an hour has 1,800 of them, and each is asked for every percentile of every window. */
function answeredIn(file: string, place: string, histogram: string): Seen['answered'] {
  const latency = decodedIn(file, place, histogram)
  return { count: latency.count, beyond: latency.tail() }
}

/** How the share of operations that took longer than that scatters. */
export function scatterBeyond(stretches: Stretches, limitMs: number): number {
  return scatterOfEach(
    stretches,
    'share',
    ({ answered, pending }) =>
      answered && { count: answered.beyond(limitMs) + pending, of: answered.count + pending },
  )
}

export function scatterOfEach(
  stretches: Stretches,
  kind: 'share' | 'rate',
  of: (seen: Seen) => Stretch | null,
): number {
  return scatterOf(
    stretches.map((group) => group.flatMap((seen) => of(seen) ?? [])),
    kind,
  )
}
