import type { LoadReport, LoadSecond } from '../../ops/report/load-report.js'
import { formatCount, formatDuration, formatShare } from '../format.js'
import type { Terminal } from '../terminal.js'

const BLOCKS = '▁▂▃▄▅▆▇█'
const ASCII = '_.-:=+*#'
const LABEL = 9
/** For the least and the most, to the right of the line. */
const LEGEND = 26

/** How a row folds several seconds into one cell: the worst of them, so that nothing is smoothed away. */
interface Row {
  label: string
  value(second: LoadSecond): number | null
  worst(...values: number[]): number
  show(value: number): string
}

const ROWS: Row[] = [
  {
    label: 'p99',
    // Endless, where operations went unanswered.
    value: ({ sent, p99Ms }) => (sent === 0 ? null : (p99Ms ?? Infinity)),
    worst: Math.max,
    show: (ms) => formatDuration(ms),
  },
  { label: 'hit', value: ({ hitRatio }) => hitRatio, worst: Math.min, show: (ratio) => formatShare(ratio) },
  {
    label: 'source/s',
    value: ({ sourcePerSecond }) => sourcePerSecond,
    worst: Math.max,
    show: (perSecond) => formatCount(perSecond),
  },
]

/** One line per metric, a cell per second or, where that is too wide, for several; below, where the fault was. */
export function timelineText({ timeline, fault }: LoadReport, terminal: Terminal): string {
  const room = Math.max(10, terminal.width - LABEL - LEGEND)
  const perCell = Math.max(1, Math.ceil(timeline.length / room))
  const cells = cellsOf(timeline, perCell)
  const { dim } = terminal.style
  const lines = ROWS.map((row) => lineOf(row, cells, terminal))
  return [
    `${dim('time'.padEnd(LABEL))}${scaleOf(cells, perCell)}`.trimEnd(),
    ...lines,
    ...(fault === 'none' ? [] : markersOf(cells, fault).map((line) => `${' '.repeat(LABEL)}${line}`)),
  ].join('\n')
}

/** Never two phases in one cell, so that the markers are exact. */
function cellsOf(timeline: readonly LoadSecond[], perCell: number): LoadSecond[][] {
  const cells: LoadSecond[][] = []
  for (const second of timeline) {
    const last = cells.at(-1)
    if (last && last.length < perCell && last[0]?.phase === second.phase) last.push(second)
    else cells.push([second])
  }
  return cells
}

function lineOf(
  { label, value, worst, show }: Row,
  cells: readonly LoadSecond[][],
  terminal: Terminal,
): string {
  const values = cells.map((cell) => {
    const known = cell.map(value).filter((each) => each !== null)
    return known.length === 0 ? null : worst(...known)
  })
  const known = values.filter((each) => each !== null)
  const finite = known.filter(Number.isFinite)
  const [least, most] = [Math.min(...finite), Math.max(...finite)]
  const levels = terminal.ascii ? ASCII : BLOCKS
  const line = values.map((each) => {
    if (each === null) return ' '
    if (!Number.isFinite(each)) return levels.at(-1)
    // From zero, or a difference of nothing would look like a mountain.
    const share = most === 0 ? 0 : each / most
    return levels[Math.min(levels.length - 1, Math.floor(share * levels.length))]
  })
  const range =
    known.length === 0
      ? '-'
      : `${finite.length === 0 ? 'never' : show(least)} to ${known.length > finite.length ? 'never' : show(most)}`
  return `${terminal.style.dim(label.padEnd(LABEL))}${line.join('')}  ${range}`
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
