import type { Measurement } from '../experiment/measurement.js'
import type { Fault } from '../faults/fault.js'
import type { ClauseResult, DrillReport } from '../report/drill-report.js'
import type { Verdict } from '../report/report.js'
import { BUDGETS } from './budgets.js'
import type { Budgets } from './clauses/clause.js'
import { clauses } from './clauses/index.js'
import { duration } from './clauses/wording.js'
import { quantile } from '../experiment/quantile.js'
import { rounded } from '../experiment/rounded.js'
import { saysNothing } from './limiter-alone.js'
import { summarisePhases } from './summary.js'
import { recoveredAfterMs, signsOfTheFault, timeToFallbackMs } from './times.js'

/** A generator that starts operations later than this measures itself. */
const MAX_LAG_MS = 100

/**
 * Reads a measurement and says what it means. Pure: the same measurement gives the same report.
 *
 * A drill proves something only if the fault was witnessed and the drill itself was sound; otherwise the verdict is
 * `inconclusive` with the reason, and no clause is judged: a pass would be an accident.
 *
 * @param fault the clauses that it can break; the others are not judged, for the reason that it gives
 */
export function judge(
  measurement: Measurement,
  { breaks, spares }: Pick<Fault, 'breaks' | 'spares'>,
  budgets: Readonly<Budgets> = BUDGETS,
): DrillReport {
  const { fault, subject, witness, faultAtMs } = measurement
  const reason = doubtAbout(measurement)
  const results = clauses.map((clause): ClauseResult => {
    const { id, title } = clause
    if (reason !== null)
      return { id, title, result: 'not judged', evidence: 'the drill is inconclusive', numbers: {} }
    const nothing = measurement.unseen?.[id] ?? saysNothing(id, measurement)
    if (breaks.includes(id) && nothing === null) return clause.judge(measurement, budgets)
    const evidence = nothing ?? spares?.[id] ?? `it is not what the fault ${fault} is about`
    return { id, title, result: 'not judged', evidence, numbers: {} }
  })
  const failed = results.some(({ result }) => result === 'fail')
  const verdict: Verdict = reason !== null ? 'inconclusive' : failed ? 'fail' : 'pass'
  const firstSign = signsOfTheFault(measurement)[0]
  const phases = summarisePhases(measurement)
  const [before, during] = phases
  return rounded({
    name: fault,
    subject,
    verdict,
    witness,
    clauses: results,
    phases,
    timeToFallbackMs: timeToFallbackMs(measurement),
    timeToDetectMs: firstSign === undefined ? null : firstSign.atMs - faultAtMs,
    timeToRecoverMs: recoveredAfterMs(measurement),
    sourceLoadFactor:
      before && during && before.sourcePerSecond > 0 ? during.sourcePerSecond / before.sourcePerSecond : null,
    ...(reason === null ? {} : { reason }),
  })
}

/** Why nothing can be concluded from a measurement; null when it is sound. */
function doubtAbout(measurement: Measurement): string | null {
  const { witness, unprepared, interruptedIn, incomplete, died, faultAtMs, endMs, metByAll } = measurement
  if (interruptedIn !== null) return `the drill was interrupted in \`${interruptedIn}\``
  if (unprepared !== null) return unprepared
  if (died !== null && faultAtMs >= endMs) return `before anything was wrong, ${died}`
  // What was not handed in is what took longest: without it everything would look well.
  if (incomplete !== null) return incomplete
  if (measurement.doubt !== undefined) return measurement.doubt
  if (!witness.witnessed) return `the fault never reached the subject: ${witness.evidence}`
  // What a process does late once Redis is away may be the subject's own doing, such as a backlog that blocks its process.
  const lags = measurement.operations
    .filter(({ process, phase }) => (process === 'second' && !metByAll) || phase === 'before')
    .map(({ startMs, dueMs }) => startMs - dueMs)
    .sort((left, right) => left - right)
  const lagMs = quantile(lags, 0.99)
  if (lagMs !== null && lagMs > MAX_LAG_MS) {
    return `operations started ${duration(lagMs)} late (p99): this machine could not hold the rate; lower --rate`
  }
  return null
}
