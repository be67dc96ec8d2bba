import type { DigestTable } from './digest.js'
import type { LoadPhase, LoadReport } from './load-report.js'

type Shown = LoadPhase<string>

const MIB = 1024 * 1024
const NOTHING = '-'
/** Of too few operations to be judged. */
const ROUGH = '~ '

const count = (value: number | null) => (value === null ? NOTHING : String(Math.round(value)))
const percent = (ratio: number | null) =>
  ratio === null ? NOTHING : String(Number((ratio * 100).toFixed(1)))
const perOperation = (used: number | null, { sent }: Shown) =>
  used === null || sent === 0 ? null : used / sent

function ms(label: string, pick: (phase: Shown) => number | null) {
  return (phase: Shown) => {
    if (phase.sent === 0) return NOTHING
    const value = pick(phase)
    const rough = phase.uncertain.includes(label) ? ROUGH : ''
    return `${rough}${value === null ? 'never' : String(Number(value.toFixed(value < 10 ? 1 : 0)))}`
  }
}

const COLUMNS: [title: string, show: (phase: Shown) => string][] = [
  ['sent', ({ sent }) => count(sent)],
  ['ok', ({ ok }) => count(ok)],
  ['errors', ({ errors }) => count(errors)],
  ['unanswered', ({ pending }) => count(pending)],
  ['429', ({ denied }) => count(denied)],
  ['p50 ms', ms('p50', ({ p50Ms }) => p50Ms)],
  ['p90 ms', ms('p90', ({ p90Ms }) => p90Ms)],
  ['p99 ms', ms('p99', ({ p99Ms }) => p99Ms)],
  ['p99.9 ms', ms('p999', ({ p999Ms }) => p999Ms)],
  ['max ms', ms('max', ({ maxMs }) => maxMs)],
  ['hit %', ({ hitRatio }) => percent(hitRatio)],
  ['fallback %', ({ fallbackRatio }) => percent(fallbackRatio)],
  ['source/s', ({ loads, sourcePerSecond }) => (loads === null ? NOTHING : count(sourcePerSecond))],
  ['RSS MiB', ({ rssMaxBytes }) => (rssMaxBytes === null ? NOTHING : count(rssMaxBytes / MIB))],
  ['CPU µs/op', (phase) => count(perOperation(phase.cpuMs === null ? null : phase.cpuMs * 1000, phase))],
  ['log B/op', (phase) => count(perOperation(phase.printedBytes, phase))],
]

/** A row for each phase and each part of one in which things changed; without what nobody could see, and without rare things that were not. */
export function phasesTable({ phases, transitions = [] }: LoadReport): DigestTable[] {
  const rows: Shown[] = [...phases, ...transitions.filter(({ durationMs }) => durationMs > 0)]
  if (rows.length === 0) return []
  const limited = rows.some(({ checks }) => checks > 0)
  const shown = COLUMNS.filter(([title, show]) => {
    const isRare = title === 'unanswered' || (title === '429' && !limited)
    const isRough = (cell: string) => title === 'p99.9 ms' && cell.startsWith(ROUGH)
    return rows.map(show).some((cell) => cell !== NOTHING && !(isRare && cell === '0') && !isRough(cell))
  })
  return [
    {
      columns: ['phase', ...shown.map(([title]) => title)],
      rows: rows.map((row) => [row.name, ...shown.map(([, show]) => show(row))]),
    },
  ]
}
