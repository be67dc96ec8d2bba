import type { LoadReport, LoadSecond } from '../../ops/report/load-report.js'
import type { Terminal } from '../terminal.js'
import { cellsOf, worstOf } from './load-timeline-cells.js'
import type { TimelineRow } from './load-timeline-rows.js'

/** Seconds that one number stands for, at least. */
const STEP = 5
const LABEL = 12

/** A number for each five seconds, or for a multiple of it where that is too wide. */
export function timelineNumbers(
  rows: readonly TimelineRow[],
  { timeline, fault }: LoadReport,
  { width, style }: Terminal,
): string[] {
  const room = Math.max(1, width - LABEL)
  for (let perCell = STEP; ; perCell += STEP) {
    const cells = cellsOf(timeline, perCell)
    const lines = linesOf(rows, cells, fault)
    const column = 1 + Math.max(...lines.flatMap(({ values }) => values.map((each) => each.length)))
    if (cells.length * column > room && perCell < timeline.length) continue
    const text = lines.map(
      ({ label, values }) =>
        `${style.dim(label.padEnd(LABEL))}${values.map((each) => each.padStart(column)).join('')}`,
    )
    return [...text, `${' '.repeat(LABEL)} (a column: worst of ${perCell} s, from the second above)`]
  }
}

function linesOf(rows: readonly TimelineRow[], cells: readonly LoadSecond[][], fault: string) {
  const begins = (index: number) => cells[index]?.[0]?.phase !== cells[index - 1]?.[0]?.phase
  const phases = cells.map(([first], index) => (begins(index) ? (first?.phase ?? '') : '.'))
  return [
    { label: 'second', values: cells.map(([first]) => String(Math.round((first?.atMs ?? 0) / 1000))) },
    ...(fault === 'none' ? [] : [{ label: 'phase', values: phases }]),
    ...rows.map((row) => ({
      label: row.unit === '/s' ? `${row.label}/s` : `${row.label} ${row.unit}`.trimEnd(),
      values: cells.map((cell) => {
        const value = worstOf(row, cell)
        if (value === null) return '-'
        return Number.isFinite(value) ? row.inUnit(value) : 'never'
      }),
    })),
  ]
}
