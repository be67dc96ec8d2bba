import type { ComparedValue, CompareRow, RowVerdict } from '../report/load-compare-report.js'
import { MEASURES, slowest, type Measure } from './compare-measures.js'
import { isMore, type Estimate } from './noise.js'
import type { Allowance } from './options.js'
import type { SavedReport, SavedWindow } from './saved-report.js'
import { stretchesOf, type Stretches } from './stretches.js'
import type { WindowName } from './window.js'

type Both = [a: Stretches, b: Stretches]

/** What users notice first. */
const ORDER: readonly WindowName[] = [
  'during',
  'after',
  'before',
  'onset',
  'settled',
  'recovery',
  'recovered',
]

/** Every number of every window that both runs have. */
export function windowRows(a: SavedReport, b: SavedReport, allowance: Allowance): CompareRow[] {
  const stretches: Both = [stretchesOf(a), stretchesOf(b)]
  return ORDER.flatMap((name) => {
    const [left, right] = [a.windows.get(name), b.windows.get(name)]
    if (!left || !right || (left.phase.sent === 0 && right.phase.sent === 0)) return []
    return MEASURES.map((measure) => rowOf(name, measure, [left, right], stretches, allowance))
  })
}

function rowOf(
  where: WindowName,
  measure: Measure,
  [left, right]: [SavedWindow, SavedWindow],
  stretches: Both,
  allowance: Allowance,
): CompareRow {
  const { metric, unit } = measure
  const [a, b] = [measure.estimate(left, stretches[0]), measure.estimate(right, stretches[1])]
  if (typeof a === 'string' || typeof b === 'string') {
    const shown = (estimate: Estimate | string, window: SavedWindow) =>
      compared(metric === 'max' ? slowest(window) : typeof estimate === 'string' ? null : estimate.value)
    return row({ where, metric, unit }, shown(a, left), shown(b, right), 'unknown', reasonOf(a, b))
  }
  return {
    ...row(
      { where, metric, unit },
      compared(a.value),
      compared(b.value),
      ...verdictOf(measure, a, b, allowance),
    ),
    ...(!a.seenOnce && { aInterval: intervalOf(a) }),
    ...(!b.seenOnce && { bInterval: intervalOf(b) }),
  }
}

/** Which run a reason is of, where it is of one. */
function reasonOf(a: Estimate | string, b: Estimate | string): string {
  if (typeof a === 'string') return typeof b === 'string' ? a : `A: ${a}`
  return typeof b === 'string' ? `B: ${b}` : ''
}

/** How many times as often as never is nothing that a factor could say. */
const NONE_BEFORE = 'there was none in A; so few may be chance'
const NONE_NOW = 'there is none in B; so few may be chance'

function verdictOf(
  { good, floor, unit }: Measure,
  a: Estimate,
  b: Estimate,
  allowance: Allowance,
): [RowVerdict, string?] {
  const least = floor ?? allowance.floorMs
  // A hit ratio is judged by its misses: 99 % instead of 98 % is half of the load.
  const [then, now] = good === 'more' ? [rest(a), rest(b)] : [a, b]
  if (isMore(now, then, allowance, least)) return [good === 'neither' ? 'differs' : 'worse']
  if (isMore(then, now, allowance, least)) return [good === 'neither' ? 'differs' : 'better']
  if (unit === 'share' && least === 0 && a.value === 0 && b.value > 0) return ['unknown', NONE_BEFORE]
  if (unit === 'share' && least === 0 && b.value === 0 && a.value > 0) return ['unknown', NONE_NOW]
  return ['same']
}

function rest({ value, low, high }: Estimate): Estimate {
  return { value: 1 - value, low: 1 - high, high: 1 - low }
}

export function row(
  what: Pick<CompareRow, 'where' | 'metric' | 'unit'>,
  a: ComparedValue,
  b: ComparedValue,
  verdict: RowVerdict,
  reason?: string,
): CompareRow {
  return {
    ...what,
    a,
    b,
    difference: typeof a === 'number' && typeof b === 'number' ? sixDigits(b - a) : null,
    verdict,
    ...(reason !== undefined && { reason }),
  }
}

export function compared(value: number | null): ComparedValue {
  if (value === null) return null
  return Number.isFinite(value) ? sixDigits(value) : 'never'
}

/** One error among a million operations is still to be seen. */
function sixDigits(value: number): number {
  return Number(value.toFixed(6))
}

function intervalOf({ low, high }: Estimate): [ComparedValue, ComparedValue] {
  return [compared(low), compared(high)]
}
