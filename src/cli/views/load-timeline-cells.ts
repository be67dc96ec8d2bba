import type { LoadSecond } from '../../ops/report/load-report.js'
import type { TimelineRow } from './load-timeline-rows.js'

/** Never two phases in one cell, so that the markers are exact. */
export function cellsOf(timeline: readonly LoadSecond[], perCell: number): LoadSecond[][] {
  const cells: LoadSecond[][] = []
  for (const second of timeline) {
    const last = cells.at(-1)
    if (last && last.length < perCell && last[0]?.phase === second.phase) last.push(second)
    else cells.push([second])
  }
  return cells
}

/** How a row folds several seconds into one cell: the worst of them, so that nothing is smoothed away. */
export function worstOf({ value, worst }: TimelineRow, cell: readonly LoadSecond[]): number | null {
  const known = cell.map(value).filter((each) => each !== null)
  return known.length === 0 ? null : worst(...known)
}
