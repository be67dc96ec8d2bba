import type { Measurement, OperationRecord } from '../experiment/measurement.js'
import { quantile } from '../experiment/quantile.js'
import { operationsIn } from '../experiment/traffic.js'
import { UNSTEADY } from '../report/drill-report.js'
import type { Budgets } from './clauses/clause.js'
import { duration, oneOf, quantity } from './clauses/wording.js'

/** Of fewer operations the slowest hundredth is none. */
export const P99_SAMPLES = 100
/** As many of its checks may a limiter leave to its policy, as one may be slow at any time. */
const UNCOUNTED_SHARE = 0.01

/**
 * Why a subject was not well before anything was wrong; null when it was. What the fault can have touched does not count:
 * only what had settled, or should have, when it began.
 *
 * An old answer, or one shown to somebody who may not see it, is no reason: no outage is blamed for these, and a drill that
 * finds them has found something.
 */
export function unsteady(measurement: Measurement, budgets: Readonly<Budgets>): string | null {
  const before = operationsIn(measurement, 'before')
  const trouble =
    thrown(before, measurement) ??
    mistaken(before, measurement) ??
    slow(before, measurement, budgets) ??
    uncounted(measurement)
  return trouble === null ? null : `${UNSTEADY}: before anything was wrong, ${trouble}`
}

function thrown(before: readonly OperationRecord[], { faultAtMs }: Measurement): string | null {
  const failed = before.filter(({ error, endMs }) => error !== null && endMs !== null && endMs <= faultAtMs)
  if (!failed[0]) return null
  return `${failed.length} of ${quantity(before.length, 'operation')} threw, the first one ${oneOf(failed[0].kind)}: ${failed[0].error}`
}

function mistaken(before: readonly OperationRecord[], { faultAtMs }: Measurement): string | null {
  const foreign = before.filter(
    ({ foreignKey, endMs }) => foreignKey !== undefined && endMs !== null && endMs <= faultAtMs,
  )
  if (!foreign[0]) return null
  return `${quantity(foreign.length, 'read')} answered another key (${foreign[0].key} got ${foreign[0].foreignKey})`
}

function slow(
  before: readonly OperationRecord[],
  { faultAtMs }: Measurement,
  { p99Ms, worstMs }: Readonly<Budgets>,
): string | null {
  const waited = (withinMs: number) =>
    before
      .filter(({ dueMs }) => dueMs <= faultAtMs - withinMs)
      .map(({ dueMs, endMs }) => (endMs === null ? Infinity : endMs - dueMs))
      .sort((left, right) => left - right)
  const times = waited(p99Ms)
  const p99 = times.length < P99_SAMPLES ? 0 : (quantile(times, 0.99) ?? 0)
  if (p99 > p99Ms) {
    return `1 % of operations took ${told(p99)} or longer (budget ${duration(p99Ms)}); give the subject less to do (--rate), or the machine`
  }
  const worst = waited(worstMs).at(-1) ?? 0
  return worst > worstMs ? `an operation took ${told(worst)} (budget ${duration(worstMs)})` : null
}

/** Who leaves checks to his policy with nothing wrong has told of an outage already, and cannot tell of one that comes. */
function uncounted({ limiting, faultAtMs }: Measurement): string | null {
  const before = limiting?.checks.filter(({ endMs }) => endMs !== null && endMs <= faultAtMs) ?? []
  const left = before.filter(({ counted, error }) => !counted && error === null)
  // One of few is more than a hundredth, and no habit.
  if (left.length <= Math.max(1, before.length * UNCOUNTED_SHARE)) return null
  return `the limiter ${left[0]?.limiter} left ${left.length} of ${quantity(before.length, 'check')} to its policy; give it less to do (--rate), or the machine`
}

function told(ms: number): string {
  return ms === Infinity ? 'for ever' : duration(ms)
}
