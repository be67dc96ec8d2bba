import { PHASES } from '../experiment/traffic.js'
import type { LoadRun } from './load-run.js'
import { none } from './none.js'
import { grouped } from './slo/value.js'
import { timeText } from './time-text.js'
import type { PhaseName } from '../experiment/measurement.js'

/** Of the starts that were due this share may be missing: a phase may end between two of them. */
const MISSING = 0.01

/**
 * How late operations were started, 99th percentile of the worst phase, where it was the generator's doing: what a worker
 * with the subject in its own process does late once Redis is away may be the subject's own backlog, and then belongs to
 * its latency.
 */
export function latenessP99Ms(run: LoadRun): number | null {
  const late = generatorsPhases(run).flatMap((name) => run.windows[name].lateness.quantileMs(0.99) ?? [])
  return late.length === 0 ? null : Math.max(...late)
}

function generatorsPhases({ apart, fault }: LoadRun): readonly PhaseName[] {
  return apart || fault === none.name ? PHASES : ['before']
}

/** Why nothing can be concluded from a run, and what to do about it; null when it is sound. */
export function doubtAbout(run: LoadRun, maxLatenessMs: number): string | null {
  const { interruptedIn, stoppedBy, unprepared, lost, died, faultAtMs, endMs, witness } = run
  if (interruptedIn !== null)
    return `the run was interrupted in \`${interruptedIn}\`; what is shown is partial`
  if (stoppedBy !== null) return `stopped: ${stoppedBy}`
  if (unprepared !== null) return unprepared
  // What a worker did not hand in is what took longest: without it everything would look well.
  if (lost !== null) return `${lost}, so part of the load is missing: run it again`
  if (died !== null) return faultAtMs >= endMs ? `before anything was wrong, ${died}` : null
  if (!witness.witnessed) return `the fault never reached the subject: ${witness.evidence}`
  return lateness(run, maxLatenessMs) ?? missing(run)
}

function lateness(run: LoadRun, maxLatenessMs: number): string | null {
  const limit = `(p99, at most ${timeText(maxLatenessMs)})`
  const calmer = 'a lower --rate, or a calmer machine'
  // The machine first: where it was late, so was everything that runs on it.
  const beatMs = run.beats.quantileMs(0.99)
  if (beatMs !== null && beatMs > maxLatenessMs) {
    return `this machine was itself ${timeText(beatMs)} late ${limit}, so that latency would be the machine's: ${calmer}`
  }
  const lateMs = latenessP99Ms(run)
  if (lateMs === null || lateMs <= maxLatenessMs) return null
  return `operations started ${timeText(lateMs)} late ${limit}, so that latency would be the generator's: ${calmer}`
}

/** What was never started is what would have waited longest, too. */
function missing({ windows, apart }: LoadRun): string | null {
  const name = PHASES.find((each) => {
    const { sent, unstarted } = windows[each]
    return unstarted > (sent + unstarted) * MISSING
  })
  if (name === undefined) return null
  const { sent, unstarted } = windows[name]
  const blocks = apart ? '' : ', or a subject that does not block its process'
  return `only ${grouped(sent)} of ${grouped(sent + unstarted)} operations could be started in \`${name}\`: a lower --rate, a calmer machine${blocks}`
}
