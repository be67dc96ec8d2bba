import type { PhaseName } from '../../experiment/measurement.js'
import type { SloResult } from '../../report/load-report.js'
import { timeText } from '../time-text.js'
import type { TrafficWindow } from '../traffic-window.js'
import { formatSlo } from './format.js'
import { METRICS } from './metrics.js'
import { metricsIn, type Comparator, type Expression, type Slo } from './slo.js'
import { grouped, valueOf, type Value } from './value.js'

/** What is known of a run: each phase as a whole, and cut into seconds. */
export interface Observed {
  phase(name: PhaseName): TrafficWindow
  /** In order of time; the last one also holds what is left of the phase. `endMs` counts from the phase's start. */
  seconds(name: PhaseName): { endMs: number; window: TrafficWindow }[]
}

/** Pure: pass, fail, or `not judged` with the reason, which is no pass. */
export function judgeSlo(slo: Slo, observed: Observed): SloResult {
  const limit = valueOf(slo.right, observed.phase)
  if ('unknown' in limit) return notJudged(slo, limit.unknown)
  // Everything is less than for ever.
  if (!Number.isFinite(limit.value))
    return notJudged(slo, 'its limit is an operation that was never answered')
  return slo.withinMs === null
    ? judgeWhole(slo, valueOf(slo.left, observed.phase), limit.value)
    : judgeSeconds(slo, slo.withinMs, limit.value, observed)
}

function judgeWhole(slo: Slo, actual: Value, limit: number): SloResult {
  if ('unknown' in actual) return notJudged(slo, actual.unknown)
  const holds = compare(actual.value, slo.comparator, limit)
  const show = showerOf(slo.left)
  const computed = slo.right.type === 'number' ? '' : `, limit ${show(limit)}`
  return {
    slo: formatSlo(slo),
    result: holds ? 'pass' : 'fail',
    evidence: `got ${show(actual.value)}${computed}`,
    actual: finite(actual.value),
    limit,
    heldFromMs: null,
  }
}

/** It holds from the end of the last second in which it did not. */
function judgeSeconds(slo: Slo, withinMs: number, limit: number, observed: Observed): SloResult {
  const metric = metricsIn(slo.left)[0]!
  const show = showerOf(slo.left)
  let heldFromMs: number | null = 0
  let last: number | null = null
  const seconds = observed.seconds(metric.phase)
  for (const { endMs, window } of seconds) {
    const actual = valueOf(slo.left, () => window)
    if ('unknown' in actual)
      return notJudged(slo, `${actual.unknown} in the second that ended at ${timeText(endMs)}`)
    last = actual.value
    if (!compare(actual.value, slo.comparator, limit)) heldFromMs = endMs
  }
  if (last === null || seconds.length === 0) return notJudged(slo, `${metric.phase} had no second`)
  if (heldFromMs === seconds.at(-1)!.endMs) heldFromMs = null
  const how =
    heldFromMs === null
      ? `not by the end of ${metric.phase}, then ${show(last)}`
      : heldFromMs === 0
        ? 'from the start'
        : `from ${timeText(heldFromMs)} on`
  return {
    slo: formatSlo(slo),
    result: heldFromMs !== null && heldFromMs <= withinMs ? 'pass' : 'fail',
    evidence: `${how}, limit ${show(limit)}`,
    actual: finite(last),
    limit,
    heldFromMs,
  }
}

export function notJudged(slo: Slo, reason: string): SloResult {
  return {
    slo: formatSlo(slo),
    result: 'not judged',
    evidence: reason,
    actual: null,
    limit: null,
    heldFromMs: null,
  }
}

function compare(left: number, comparator: Comparator, right: number): boolean {
  switch (comparator) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '==':
      return left === right
    case '!=':
      return left !== right
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Numbers as their metric's reader expects them. */
function showerOf(expression: Expression): (value: number) => string {
  const metrics = metricsIn(expression)
  const dimension = isTime(expression)
  const share =
    metrics.length === 1 && (metrics[0]!.metric === 'hit_rate' || metrics[0]!.metric === 'error_rate')
  return (value) => {
    if (dimension) return timeText(value)
    if (value === Infinity) return 'never'
    if (share && expression.type === 'metric') return `${Number((value * 100).toFixed(1))} %`
    return Number.isInteger(value) ? grouped(value) : grouped(Number(value.toFixed(value < 100 ? 2 : 0)))
  }
}

function isTime(expression: Expression): boolean {
  switch (expression.type) {
    case 'number':
      return expression.unit === 'ms' || expression.unit === 's'
    case 'metric':
      return METRICS[expression.metric].dimension === 'time'
    case 'call':
      return isTime(expression.operands[0]!)
    case 'binary':
      // A time over a time is a number.
      if (expression.operator === '/') return isTime(expression.left) && !isTime(expression.right)
      return isTime(expression.left) || isTime(expression.right)
  }
}
