import type {
  ComparedRun,
  CompareRow,
  LoadCompareReport,
  RowVerdict,
} from '../../ops/report/load-compare-report.js'
import { comparedValue, differenceOf } from '../../ops/report/compared-numbers.js'
import { formatCount, formatDuration, formatFactor } from '../../ops/report/format.js'
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
    comparedValue(row.a, row.unit),
    comparedValue(row.b, row.unit),
    differenceText(row),
  ])
  return renderTable(COLUMNS, cells, terminal)
}

/** With how many times as much it is, where that says more. */
function differenceText(row: CompareRow): string {
  const { a, b, unit } = row
  const text = differenceOf(row)
  const isManyTimes = typeof a === 'number' && typeof b === 'number' && a > 0 && b >= 2 * a
  return isManyTimes && unit !== 'share' && text !== '0' ? `${text} (${formatFactor(b / a)})` : text
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
