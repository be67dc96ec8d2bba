import type { Measurement, OperationRecord } from '../../experiment/measurement.js'
import { operationsIn } from '../../experiment/traffic.js'
import type { ClauseResult } from '../../report/drill-report.js'
import type { Budgets } from './clause.js'
import { oneOf, quantity } from './wording.js'

interface Found {
  /** What breaks the promise; null when nothing does. */
  finding: NonNullable<ClauseResult['finding']> | null
  evidence: string
  numbers: Record<string, number>
}

/**
 * What C1 asks while the source of truth is what fails: nobody can be answered what is not cached, so an error is right,
 * where it tells by its type what it is, and in the outage only. Who is answered from the cache notices nothing; where the
 * backend was away as well, nobody is.
 */
export function errorsOfTheSource(measurement: Measurement, { sourceWaitMs }: Budgets): Found {
  const failed = measurement.operations.filter(({ error }) => error !== null)
  const outside = failed.filter((each) => !isUnderFault(each, measurement, sourceWaitMs))
  const unclear = failed.filter((each) => each.clear !== true)
  const [cachedBefore, cached] = (['before', 'during'] as const).map(
    (phase) => operationsIn(measurement, phase).filter(({ source }) => source === 'hit').length,
  ) as [number, number]
  const numbers = { errors: failed.length, outside: outside.length, unclear: unclear.length, cached }
  const evidence = `${quantity(failed.length, 'operation')} needed the source and got a clear error; ${quantity(cached, 'read')} answered from the cache meanwhile`
  const first = outside[0] ?? unclear[0]
  if (first !== undefined) {
    const where = outside.length > 0 ? 'while the source was well' : 'without saying by its type what failed'
    return {
      finding: {
        happened: `${quantity((outside.length > 0 ? outside : unclear).length, 'operation')} threw ${where}, the first one ${oneOf(first.kind)} in \`${first.phase}\`: ${first.error}.`,
        cause:
          outside.length > 0
            ? 'what went wrong in the outage is kept: a connection, a rejected promise or an error in the cache'
            : 'whatever the client of the source says is handed on, or wrapped into an error like any other',
        change:
          'one error class of your own with a code: unreachable, too slow, overloaded; never cache it, and let the next call ask anew',
      },
      evidence,
      numbers,
    }
  }
  if (cachedBefore > 0 && cached === 0 && !measurement.backendTaken) {
    return {
      finding: {
        happened: `No read was answered from the cache while the source was away; before it ${cachedBefore} were.`,
        cause: 'the source is asked before the cache, or for every hit, such as for a permission',
        change: 'keep below the cache what the decision needs, and decide from what is cached',
      },
      evidence,
      numbers,
    }
  }
  return { finding: null, evidence, numbers }
}

/** Of the process whose path is broken; a call may wait for a question that was asked just before the heal. */
function isUnderFault(
  { process, dueMs, endMs }: OperationRecord,
  { faultAtMs, healAtMs }: Measurement,
  sourceWaitMs: number,
): boolean {
  return process === 'main' && dueMs < healAtMs + sourceWaitMs && (endMs ?? Infinity) >= faultAtMs
}
