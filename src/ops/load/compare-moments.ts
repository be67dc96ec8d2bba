import type { CompareRow, ComparedUnit, RowVerdict } from '../report/load-compare-report.js'
import type { LoadMoments } from '../report/load-report.js'
import { compared, row } from './compare-rows.js'
import { SLOT_MS } from './load-run.js'
import { isMore, ratioEstimate, seenOnce, type Estimate } from './noise.js'
import type { Allowance } from './options.js'
import type { SavedReport } from './saved-report.js'

interface Moment {
  metric: string
  unit: ComparedUnit
  /** `neither`: early may be as good as late. */
  good: 'less' | 'neither'
  /** A moment is seen once in a run: less than this may be chance. */
  floor: number
  /** Null: nobody could know. Infinity: it never happened. */
  value(moments: LoadMoments, report: SavedReport): number | null
  /** Between which it lies, where what it is made of was counted. */
  estimate?(value: number, report: SavedReport): Estimate
}

/** Moments are found in steps of a slot, so that two runs may differ by one without a cause. */
const STEPS_MS = 2 * SLOT_MS

const MOMENTS: readonly Moment[] = [
  time('recovered', 'less', ({ recoveredMs }) => recoveredMs ?? Infinity),
  // Whose cache cannot be seen has no first answer in place of it.
  time('fallback', 'less', ({ fallbackMs }, { windows }) =>
    windows.get('during')?.phase.fallbackRatio == null ? null : (fallbackMs ?? Infinity),
  ),
  time('detected', 'less', ({ detectedMs }, { windows }) =>
    windows.get('during')?.phase.printedBytes == null && detectedMs === null
      ? null
      : (detectedMs ?? Infinity),
  ),
  time('first slow', 'neither', ({ firstSlowMs }) => firstSlowMs ?? Infinity),
  {
    metric: 'herd',
    unit: 'factor',
    good: 'less',
    floor: 1,
    value: ({ herdFactor }) => herdFactor,
    estimate: herdEstimate,
  },
  {
    metric: 'waited',
    unit: 'callerSeconds',
    good: 'less',
    floor: 1,
    value: ({ waitedSeconds }) => waitedSeconds,
  },
]

function time(metric: string, good: Moment['good'], value: Moment['value']): Moment {
  return { metric, unit: 'time', good, floor: STEPS_MS, value }
}

/** Of two counts, the worst second and all of `before`: a source that is asked ten times a second has a herd by chance as well. */
function herdEstimate(value: number, { report, windows }: SavedReport): Estimate {
  const worst = report.timeline.flatMap(({ phase, loads }) => (phase === 'after' ? (loads ?? []) : []))
  return worst.length === 0
    ? seenOnce(value)
    : ratioEstimate(value, Math.max(...worst), windows.get('before')?.phase.loads ?? 0)
}

/** When things happened after the fault and the heal; nothing without a fault. */
export function momentRows(a: SavedReport, b: SavedReport, allowance: Allowance): CompareRow[] {
  const [then, now] = [a.report.moments, b.report.moments]
  if (!then || !now) return []
  return MOMENTS.map((moment) => {
    const { metric, unit } = moment
    const [left, right] = [moment.value(then, a), moment.value(now, b)]
    const what = { where: 'moments' as const, metric, unit }
    if (left === null || right === null) {
      const who = left === null ? (right === null ? 'neither run' : 'A') : 'B'
      return row(what, compared(left), compared(right), 'unknown', `nobody could see it in ${who}`)
    }
    const of = (value: number, report: SavedReport) => moment.estimate?.(value, report) ?? seenOnce(value)
    const verdict = verdictOf(moment, of(left, a), of(right, b), allowance)
    return row(what, compared(left), compared(right), verdict)
  })
}

function verdictOf(
  { good, floor, unit }: Moment,
  a: Estimate,
  b: Estimate,
  allowance: Allowance,
): RowVerdict {
  const least = unit === 'time' ? Math.max(floor, allowance.floorMs) : floor
  if (isMore(b, a, allowance, least)) return good === 'neither' ? 'differs' : 'worse'
  if (isMore(a, b, allowance, least)) return good === 'neither' ? 'differs' : 'better'
  return 'same'
}
