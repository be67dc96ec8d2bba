import type { DigestTable } from './digest.js'
import type { LoadPart, LoadPhase, LoadReport } from './load-report.js'

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
  ['db q/s', ({ loads, sourcePerSecond }) => (loads === null ? NOTHING : count(sourcePerSecond))],
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

/** Which endpoint was slow, and which failed, in each phase; of one alone the phases say it. */
export function endpointsTable({ phases }: LoadReport): DigestTable[] {
  const rows = phases.flatMap(({ name, parts = [] }) =>
    parts.filter(({ kind }) => kind === 'endpoint').map((part) => [part.name, name, part] as const),
  )
  if (new Set(rows.map(([endpoint]) => endpoint)).size < 2) return []
  const p95 = ({ sent, p95Ms, uncertain }: LoadPart) => {
    if (sent === 0) return NOTHING
    const rough = uncertain.includes('p95') ? ROUGH : ''
    return `${rough}${p95Ms === null ? 'never' : String(Number(p95Ms.toFixed(p95Ms < 10 ? 1 : 0)))}`
  }
  return [
    {
      columns: ['endpoint', 'phase', 'sent', 'errors', 'unanswered', '429', 'p95 ms'],
      rows: rows
        .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
        .map(([endpoint, phase, part]) => [
          endpoint,
          phase,
          ...[part.sent, part.errors, part.pending, part.denied].map(String),
          p95(part),
        ]),
    },
  ]
}
