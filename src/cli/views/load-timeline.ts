import type { LoadReport, LoadSecond } from '../../ops/report/load-report.js'
import type { Terminal } from '../terminal.js'
import { cellsOf, worstOf } from './load-timeline-cells.js'
import { timelineNumbers } from './load-timeline-numbers.js'
import { rowsOf, type TimelineRow } from './load-timeline-rows.js'

const BLOCKS = '▁▂▃▄▅▆▇█'
const LABEL = 9
/** For the least and the most, to the right of the line. */
const LEGEND = 26

/**
 * One line per metric, a cell per second or, where that is too wide, for several; below, where the fault was. In ASCII the
 * lines are of numbers, as no eight characters of it stand for eight heights.
 */
export function timelineText(report: LoadReport, terminal: Terminal): string[] {
  const { timeline, fault } = report
  if (timeline.length === 0) return []
  const rows = rowsOf(report)
  if (terminal.ascii) return timelineNumbers(rows, report, terminal)
  const room = Math.max(10, terminal.width - LABEL - LEGEND)
  const perCell = Math.max(1, Math.ceil(timeline.length / room))
  const cells = cellsOf(timeline, perCell)
  const { dim } = terminal.style
  return [
    `${dim('time'.padEnd(LABEL))}${scaleOf(cells, perCell)}`.trimEnd(),
    ...rows.map((row) => lineOf(row, cells, terminal)),
    ...(fault === 'none' ? [] : markersOf(cells, fault).map((line) => `${' '.repeat(LABEL)}${line}`)),
  ]
}

function lineOf(row: TimelineRow, cells: readonly LoadSecond[][], terminal: Terminal): string {
  const values = cells.map((cell) => worstOf(row, cell))
  const known = values.filter((each) => each !== null)
  const finite = known.filter(Number.isFinite)
  const [least, most] = [Math.min(...finite), Math.max(...finite)]
  const line = values.map((each) => {
    if (each === null) return ' '
    if (!Number.isFinite(each)) return BLOCKS.at(-1)
    // From zero, or a difference of nothing would look like a mountain.
    const share = most === 0 ? 0 : each / most
    return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(share * BLOCKS.length))]
  })
  const range =
    known.length === 0
      ? '-'
      : `${finite.length === 0 ? 'never' : row.show(least)} to ${known.length > finite.length ? 'never' : row.show(most)}`
  return `${terminal.style.dim(row.label.padEnd(LABEL))}${line.join('')}  ${range}`
}

function scaleOf(cells: readonly LoadSecond[][], perCell: number): string {
  const last = cells.at(-1)?.at(-1)
  const end = `${Math.round(((last?.atMs ?? 0) + (last?.durationMs ?? 0)) / 1000)} s`
  const room = cells.length - '0 s'.length
  const scale = room <= end.length ? `0 to ${end}` : `0 s${end.padStart(room)}`
  return `${scale}  (a cell: ${perCell === 1 ? '1 s' : `worst of ${perCell} s`})`
}

function markersOf(cells: readonly LoadSecond[][], fault: string): string[] {
  const at = (phase: LoadSecond['phase']) => cells.findIndex((cell) => cell[0]?.phase === phase)
  const [from, to] = [at('during'), at('after')]
  if (from === -1) return []
  const first = `${' '.repeat(from)}^ ${fault}`
  const second = '^ healed'
  if (to === -1) return [first]
  return first.length < to ? [`${first.padEnd(to)}${second}`] : [first, `${' '.repeat(to)}${second}`]
}
