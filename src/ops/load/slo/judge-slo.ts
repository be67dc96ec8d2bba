import type { SloResult } from '../../report/load-report.js'
import { timeText } from '../time-text.js'
import { formatSlo } from './format.js'
import { measure } from './measure.js'
import type { Observed } from './observed.js'
import { exactly, showerOf } from './show.js'
import type { Comparator, Slo } from './slo.js'
import { valueOf, type Value } from './value.js'
import { isPhase } from './within.js'

/** Pure: pass, fail, or `not judged` with the reason, which is no pass. */
export function judgeSlo(slo: Slo, observed: Observed): SloResult {
  const limit = valueOf(slo.right, (metric) => measure(metric, observed))
  if ('unknown' in limit) return notJudged(slo, limit.unknown)
  // Everything is less than for ever.
  if (!Number.isFinite(limit.value)) return notJudged(slo, 'its limit is a time that never ended')
  if (slo.withinMs !== null) return judgeSeconds(slo, slo.withinMs, limit.value, observed)
  return judgeWhole(
    slo,
    valueOf(slo.left, (metric) => measure(metric, observed)),
    limit.value,
  )
}

function judgeWhole(slo: Slo, actual: Value, limit: number): SloResult {
  if ('unknown' in actual) return notJudged(slo, actual.unknown)
  const holds = compare(actual.value, slo.comparator, limit)
  const usual = showerOf(slo.left)
  // `got 3 ms, limit 3 ms`, and missed, would be a riddle.
  const alike = actual.value !== limit && usual(actual.value) === usual(limit)
  const show = alike ? exactly(slo.left) : usual
  const computed = slo.right.type === 'number' && !alike ? '' : `, limit ${show(limit)}`
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
  const { left } = slo
  if (left.type !== 'metric' || !isPhase(left.phase)) return notJudged(slo, 'it has no seconds')
  const show = showerOf(left)
  let heldFromMs: number | null = 0
  let last: number | null = null
  const seconds = observed.seconds(left.phase)
  for (const { endMs, window } of seconds) {
    const actual = measure(left, observed, window)
    if ('unknown' in actual)
      return notJudged(slo, `${actual.unknown} in the second that ended at ${timeText(endMs)}`)
    last = actual.value
    if (!compare(actual.value, slo.comparator, limit)) heldFromMs = endMs
  }
  if (last === null) return notJudged(slo, `${left.phase} had no second`)
  if (heldFromMs === seconds.at(-1)!.endMs) heldFromMs = null
  const how =
    heldFromMs === null
      ? `not by the end of ${left.phase}, then ${show(last)}`
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
