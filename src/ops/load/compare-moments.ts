import type { CompareRow, ComparedUnit, RowVerdict } from '../report/load-compare-report.js'
import type { LoadMoments } from '../report/load-report.js'
import { compared, row } from './compare-rows.js'
import { SLOT_MS } from './load-run.js'
import { seenOnce, isMore } from './noise.js'
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
  { metric: 'herd', unit: 'factor', good: 'less', floor: 1, value: ({ herdFactor }) => herdFactor },
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
    return row(what, compared(left), compared(right), verdictOf(moment, left, right, allowance))
  })
}

function verdictOf({ good, floor, unit }: Moment, a: number, b: number, allowance: Allowance): RowVerdict {
  const least = unit === 'time' ? Math.max(floor, allowance.floorMs) : floor
  if (isMore(seenOnce(b), seenOnce(a), allowance, least)) return good === 'neither' ? 'differs' : 'worse'
  if (isMore(seenOnce(a), seenOnce(b), allowance, least)) return good === 'neither' ? 'differs' : 'better'
  return 'same'
}
