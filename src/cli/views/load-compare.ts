import type {
  ComparedRun,
  ComparedValue,
  CompareRow,
  LoadCompareReport,
  RowVerdict,
} from '../../ops/report/load-compare-report.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFactor,
  formatShare,
} from '../../ops/report/format.js'
import { inAscii } from '../in-ascii.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

/** What was compared, what is not the same with the most important first, and the verdict. Quiet: only what is worse, and the verdict. */
export function compareText(report: LoadCompareReport, terminal: Terminal): string {
  return inAscii(linesOf(report, terminal).join('\n'), terminal)
}

function linesOf(report: LoadCompareReport, terminal: Terminal): string[] {
  const { rows, differences } = report
  const ending = verdictText(report, terminal)
  if (terminal.quiet) {
    const worse = rows.filter(({ verdict }) => verdict === 'worse')
    return [...(worse.length === 0 ? [] : [tableOf(worse, terminal)]), ending]
  }
  const shown = shownOf(rows)
  const left = rows.filter((row) => !shown.includes(row))
  const count = (verdict: RowVerdict) => left.filter((row) => row.verdict === verdict).length
  const rest = [
    [count('same'), 'the same'],
    [count('unknown'), 'unknown'],
    [left.length - count('same') - count('unknown'), 'as in the phase they are a part of'],
  ] as const
  const others = rest.flatMap(([many, what]) => (many === 0 ? [] : [`${formatCount(many)} ${what}`]))
  return [
    ...runLines(report, terminal),
    entry('allowed', allowedLine(report), terminal),
    ...differences.map((text, index) =>
      entry(index === 0 ? 'differ' : '', text, terminal, terminal.style.caution),
    ),
    ...(shown.length === 0 ? [] : ['', tableOf(shown, terminal)]),
    ...(others.length === 0
      ? []
      : [entry('', `not shown: ${others.join(', ')}; all are in --json`, terminal)]),
    '',
    ending,
  ]
}

/** What both have in common is said once. */
function runLines({ a, b }: LoadCompareReport, terminal: Terminal): string[] {
  const alike = experimentText(a) === experimentText(b)
  return [
    ...(alike ? [entry('load', experimentText(a), terminal)] : []),
    ...[a, b].map((each, index) => {
      const { subject, seed, merged, file } = each
      const many = merged === undefined ? [] : [`${formatCount(merged)} generators`]
      const parts = [subject, ...(alike ? [] : [experimentText(each)]), `seed ${seed}`, ...many]
      return entry(index === 0 ? 'A' : 'B', `${parts.join(', ')} (${file})`, terminal)
    }),
  ]
}

function experimentText({ fault, ratePerSecond, arrivals, plan }: ComparedRun): string {
  const phases = [plan.beforeMs, plan.duringMs, plan.afterMs].map(formatDuration).join(' + ')
  return `${fault === 'none' ? 'no fault' : `fault ${fault}`}, ${formatCount(ratePerSecond)}/s ${arrivals}, ${phases}`
}

function allowedLine({ allowance: { factor, floorMs }, raisedBy }: LoadCompareReport): string {
  const why = raisedBy === undefined ? '' : ' (starts were as late)'
  return `${factor} x, or ${formatDuration(floorMs)} more${why}, and what chance can do (95 %)`
}

/** Those that a reader looks for first, whatever became of them. */
const ALWAYS = ['errors', 'pending', 'p95', 'p99', 'database']
const WHOLE: Record<string, CompareRow['where']> = {
  onset: 'during',
  settled: 'during',
  recovery: 'after',
  recovered: 'after',
}

/** What differs, but for parts of a phase that say what the phase says; then the usual numbers of the phases. */
function shownOf(rows: readonly CompareRow[]): CompareRow[] {
  const of = (where: CompareRow['where'], metric: string) =>
    rows.find((row) => row.where === where && row.metric === metric)
  return rows.filter((row) => {
    const whole = WHOLE[row.where]
    if (row.verdict === 'same' || row.verdict === 'unknown') {
      return whole === undefined && ALWAYS.includes(row.metric) && !isNothing(row)
    }
    return whole === undefined || of(whole, row.metric)?.verdict !== row.verdict
  })
}

/** No errors twice is nothing to read. */
function isNothing({ a, b }: CompareRow): boolean {
  return (a === 0 || a === null) && (b === 0 || b === null)
}

const COLUMNS: Column[] = [
  { title: '' },
  { title: 'where' },
  { title: 'what' },
  { title: 'A', align: 'right' },
  { title: 'B', align: 'right' },
  { title: 'difference', align: 'right' },
]

function tableOf(rows: readonly CompareRow[], terminal: Terminal): string {
  const { good, bad, caution, dim } = terminal.style
  const paint = { worse: bad, better: good, differs: caution, unknown: dim, same: dim }
  const cells = rows.map((row) => [
    paint[row.verdict](row.verdict),
    row.where,
    row.metric,
    valueText(row.a, row),
    valueText(row.b, row),
    differenceText(row),
  ])
  return renderTable(COLUMNS, cells, terminal)
}

function valueText(value: ComparedValue, { unit }: Pick<CompareRow, 'unit'>): string {
  if (value === null) return '-'
  if (value === 'never') return 'never'
  switch (unit) {
    case 'time':
      return formatDuration(value)
    case 'share':
      return formatShare(value)
    case 'perSecond':
      return `${value < 10 ? Number(value.toFixed(1)) : formatCount(value)}/s`
    case 'bytes':
      return formatBytes(value)
    case 'factor':
      return formatFactor(value)
    case 'callerSeconds':
      return `${value < 10 ? Number(value.toFixed(1)) : formatCount(value)} s`
    case 'count':
      return formatCount(value)
  }
}

function differenceText(row: CompareRow): string {
  const { difference, a, b } = row
  if (difference === null) return '-'
  if (difference === 0) return '0'
  const sign = difference > 0 ? '+' : '-'
  const factor =
    typeof a === 'number' && typeof b === 'number' && a > 0 && b >= 2 * a && row.unit !== 'share'
      ? ` (${formatFactor(b / a)})`
      : ''
  const points = Math.abs(difference) * 100
  const amount =
    row.unit === 'share'
      ? `${Number(points.toFixed(points < 1 ? 2 : points < 10 ? 1 : 0))} points`
      : valueText(Math.abs(difference), row)
  // Less than what is shown of it.
  if (/^0\D/.test(amount)) return '0'
  return `${sign}${amount}${factor}`
}

function verdictText({ verdict, reason, inWords, rows }: LoadCompareReport, terminal: Terminal): string {
  const { good, bad, caution } = terminal.style
  const words = reason ?? inWords ?? ''
  const text = `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!]$/.test(words) ? '' : '.'}`
  if (verdict === 'inconclusive') return entry('skip', `Nothing is proved. ${text}`, terminal, caution)
  const worse = rows.filter((row) => row.verdict === 'worse').length
  const better = rows.filter((row) => row.verdict === 'better').length
  const counts = `${formatCount(worse)} worse, ${formatCount(better)} better of ${formatCount(rows.length)} numbers. `
  return verdict === 'fail'
    ? entry('FAIL', counts + text, terminal, bad)
    : entry('ok', counts + text, terminal, good)
}
