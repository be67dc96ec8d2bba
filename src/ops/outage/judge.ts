import type { Measurement } from '../experiment/measurement.js'
import type { Fault } from '../faults/fault.js'
import type { ClauseResult, DrillReport } from '../report/drill-report.js'
import type { Verdict } from '../report/report.js'
import { BUDGETS } from './budgets.js'
import type { Budgets } from './clauses/clause.js'
import { clauses } from './clauses/index.js'
import { computedFallback } from './computed-fallback.js'
import { doubtAbout } from './doubt.js'
import { rounded } from '../experiment/rounded.js'
import { saysNothing } from './limiter-alone.js'
import { seriesOf } from './series.js'
import { excusedByMachine } from './starved.js'
import { summarisePhases } from './summary.js'
import { metAtMs, signsOfTheFault } from '../experiment/signs.js'
import { recoveredAfterMs, timeToFallbackMs } from './times.js'

/**
 * Reads a measurement and says what it means. Pure: the same measurement gives the same report.
 *
 * A drill proves something only if the fault was witnessed, the subject was well before it, and the drill itself was sound; otherwise the verdict is
 * `inconclusive` with the reason, and no clause is judged: a pass would be an accident.
 *
 * @param fault the clauses that it can break; the others are not judged, for the reason that it gives
 */
export function judge(
  measurement: Measurement,
  { breaks, spares }: Pick<Fault, 'breaks' | 'spares'>,
  budgets: Readonly<Budgets> = BUDGETS,
): DrillReport {
  const { fault, subject, witness } = measurement
  const doubt = doubtAbout(
    measurement,
    budgets,
    breaks.includes('C3') && measurement.unseen?.C3 === undefined,
  )
  const unjudged = ({ id, title }: Pick<ClauseResult, 'id' | 'title'>): ClauseResult => {
    return { id, title, result: 'not judged', evidence: 'the drill is inconclusive', numbers: {} }
  }
  const judged = clauses.map((clause): ClauseResult => {
    const { id, title } = clause
    if (doubt !== null) return unjudged(clause)
    const nothing = measurement.unseen?.[id] ?? saysNothing(id, measurement)
    if (breaks.includes(id) && nothing === null) return shown(clause.judge(measurement, budgets))
    const evidence = nothing ?? spares?.[id] ?? `it is not what the fault ${fault} is about`
    return { id, title, result: 'not judged', evidence, numbers: {} }
  })
  const reason = doubt ?? excusedByMachine(judged, measurement, budgets)
  const results = reason === null ? judged : judged.map(unjudged)
  const failed = results.some(({ result }) => result === 'fail')
  const verdict: Verdict = reason !== null ? 'inconclusive' : failed ? 'fail' : 'pass'
  const firstSign = signsOfTheFault(measurement)[0]
  const phases = summarisePhases(measurement)
  const [before, during] = phases
  const computed = computedFallback(measurement)
  const series = seriesOf(measurement, budgets.worstMs)
  return rounded({
    name: fault,
    subject,
    verdict,
    witness,
    clauses: results,
    phases,
    timeToFallbackMs: timeToFallbackMs(measurement),
    ...(computed && { computedFallback: computed }),
    timeToDetectMs: firstSign === undefined ? null : firstSign.atMs - metAtMs(measurement),
    timeToRecoverMs: recoveredAfterMs(measurement),
    sourceLoadFactor:
      before && during && before.sourcePerSecond > 0 ? during.sourcePerSecond / before.sourcePerSecond : null,
    ...(reason === null ? {} : { reason }),
    ...(series && { series }),
  })
}

/** Whatever has no better command to show it is explained. */
function shown(result: ClauseResult): ClauseResult {
  const { id, finding } = result
  return finding ? { ...result, finding: { show: `cache explain ${id}`, ...finding } } : result
}
