import type { Measurement } from '../experiment/measurement.js'
import { quantile } from '../experiment/quantile.js'
import { operationsIn } from '../experiment/traffic.js'
import type { Budgets } from './clauses/clause.js'
import { duration, quantity } from './clauses/wording.js'
import { P99_SAMPLES, unsteady } from './steady-state.js'

/** A generator that starts operations later than this measures itself. */
const MAX_LAG_MS = 100
/** Our own process may be as late as a p99 may be slow; it does nothing but hand on. */
const MAX_ENGINE_LAG_MS = 250

/**
 * Why nothing can be concluded from a measurement; null when it is sound.
 *
 * @param isTimeJudged whether C3 is, and so a p99 needed
 */
export function doubtAbout(
  measurement: Measurement,
  budgets: Readonly<Budgets>,
  isTimeJudged: boolean,
): string | null {
  const { witness, unprepared, stoppedBy, interruptedIn, incomplete, died, faultAtMs, endMs } = measurement
  if (interruptedIn !== null) return `the drill was interrupted in \`${interruptedIn}\``
  if (stoppedBy !== undefined) return `stopped: ${stoppedBy}`
  if (unprepared !== null) return unprepared
  if (died !== null && faultAtMs >= endMs) return `before anything was wrong, ${died}`
  // What was not handed in is what took longest: without it everything would look well.
  if (incomplete !== null) return incomplete
  if (measurement.doubt !== undefined) return measurement.doubt
  if (!witness.witnessed) return `the fault never reached the subject: ${witness.evidence}`
  return (
    busyMachine(measurement) ?? unsteady(measurement, budgets) ?? (isTimeJudged ? tooFew(measurement) : null)
  )
}

function busyMachine({ operations, engineLagMs = 0, metByAll }: Measurement): string | null {
  // What a process does late once Redis is away may be the subject's own doing, such as a backlog that blocks its process.
  const lags = operations
    .filter(({ process, phase }) => (process === 'second' && !metByAll) || phase === 'before')
    .map(({ startMs, dueMs }) => startMs - dueMs)
    .sort((left, right) => left - right)
  const lagMs = quantile(lags, 0.99) ?? 0
  const lower = 'this machine could not hold the rate; lower --rate'
  if (lagMs > MAX_LAG_MS) return `operations started ${duration(lagMs)} late (p99): ${lower}`
  if (engineLagMs > MAX_ENGINE_LAG_MS) {
    return `the process in which the doors are was itself ${duration(engineLagMs)} late (p99): ${lower}`
  }
  return null
}

/** Of a process that ended there is nothing more to come. */
function tooFew(measurement: Measurement): string | null {
  const { faultAtMs, healAtMs, ratePerSecond, died } = measurement
  const count = operationsIn(measurement, 'during').length
  if (count >= P99_SAMPLES || died !== null) return null
  const lastedMs = healAtMs - faultAtMs
  const missing = P99_SAMPLES - count
  const longerMs = (missing * 1000) / ratePerSecond
  return `only ${quantity(count, 'operation')} ${count === 1 ? 'was' : 'were'} due during the fault, and a p99 needs ${P99_SAMPLES}: --rate ${Math.ceil(ratePerSecond + (missing * 1000) / lastedMs)}, or --during ${Math.ceil((lastedMs + longerMs) / 1000)}s`
}
