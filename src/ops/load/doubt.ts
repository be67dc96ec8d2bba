import type { Measurement } from '../experiment/measurement.js'
import { quantile } from '../experiment/quantile.js'
import type { LoadPhase } from '../report/load-report.js'
import { none } from './none.js'
import { timeText } from './time-text.js'

/** Of the starts that were due this share may be missing: a phase may end between two of them. */
const MISSING = 0.01

/**
 * How late operations were started, 99th percentile, where it was the machine's doing: what `main` does late once Redis
 * is away may be the subject's own backlog, and then belongs to its latency.
 */
export function latenessP99Ms({ operations, fault, metByAll }: Measurement): number | null {
  const healthy = fault === none.name
  const lags = operations
    .filter(({ process, phase }) => healthy || (process === 'second' && !metByAll) || phase === 'before')
    .map(({ startMs, dueMs }) => startMs - dueMs)
    .sort((left, right) => left - right)
  return quantile(lags, 0.99)
}

/** Why nothing can be concluded from a measurement; null when it is sound. */
export function doubtAbout(
  measurement: Measurement,
  phases: readonly LoadPhase[],
  maxLatenessMs: number,
): string | null {
  const { witness, unprepared, interruptedIn, incomplete, died, faultAtMs, endMs, ratePerSecond } =
    measurement
  if (interruptedIn !== null)
    return `the run was interrupted in \`${interruptedIn}\`; what is shown is partial`
  if (unprepared !== null) return unprepared
  if (died !== null) return faultAtMs >= endMs ? `before anything was wrong, ${died}` : null
  if (incomplete !== null) return incomplete
  if (!witness.witnessed) return `the fault never reached the subject: ${witness.evidence}`
  const lateMs = latenessP99Ms(measurement)
  if (lateMs !== null && lateMs > maxLatenessMs) {
    return `operations started ${timeText(lateMs)} late (p99, at most ${timeText(maxLatenessMs)}), so that latency would be the generator's: a lower --rate, or a calmer machine`
  }
  // What was never started is what would have waited longest: without it everything would look well.
  const short = phases.find(({ name, scheduled, sent }) => {
    // What was due in the last instants may be as late as everything else, and then the run is over.
    const unstarted = name === 'after' ? (ratePerSecond * maxLatenessMs) / 1000 : 0
    return sent < scheduled * (1 - MISSING) - unstarted
  })
  if (short) {
    return `only ${short.sent} of ${short.scheduled} operations could be started in \`${short.name}\`: a lower --rate, a calmer machine, or a subject that blocks its process`
  }
  return null
}
