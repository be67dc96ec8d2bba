import type { ComparedNumber, DrillCompareReport } from '../../drill-compare-report.js'
import { comparedValue } from '../../compared-numbers.js'
import { formatBytes, formatCount, formatDuration } from '../../format.js'
import type { ComparedValue, CompareRow, LoadCompareReport } from '../../load-compare-report.js'
import type { Block, Cell, Fact, Mark } from '../page.js'

type Row = CompareRow | ComparedNumber

const MARKS: Record<CompareRow['verdict'], Mark['level']> = {
  worse: 'bad',
  better: 'good',
  same: 'good',
  differs: 'open',
  unknown: 'open',
}

/** Numbers of both runs side by side, and where something was judged what came of it. */
export function rowsBlock(rows: readonly Row[]): Block & { kind: 'table' } {
  const isJudged = rows.some((row) => 'verdict' in row)
  return {
    kind: 'table',
    table: {
      caption: 'Numbers of both runs',
      columns: [
        { title: 'number' },
        ...(isJudged ? [{ title: 'B is', isText: true }] : []),
        { title: 'A' },
        { title: 'B' },
        { title: 'difference' },
      ],
      rows: rows.map((row): Cell[] => [
        `${row.where} ${row.metric}`,
        ...('verdict' in row ? [{ text: '', mark: { level: MARKS[row.verdict], word: row.verdict } }] : []),
        valueOf(row.a, row),
        valueOf(row.b, row),
        differenceOf(row),
      ]),
    },
  }
}

function valueOf(value: ComparedValue, { unit }: Row): string {
  if (typeof value !== 'number') return value ?? '-'
  if (unit === 'bytes') return formatBytes(value)
  if (unit === 'callerSeconds') return `${value < 10 ? Number(value.toFixed(1)) : formatCount(value)} s`
  return comparedValue(value, unit)
}

function differenceOf(row: Row): string {
  const { difference, unit } = row
  if (difference === null) return '-'
  if (difference === 0) return '0'
  const sign = difference > 0 ? '+' : '−'
  const amount = Math.abs(difference)
  return `${sign}${unit === 'share' ? `${Number((amount * 100).toFixed(1))} points` : valueOf(amount, row)}`
}

/** Which two runs they are, and in what they are not alike. */
export function comparedFacts({ a, b, differences }: DrillCompareReport | LoadCompareReport): Fact[] {
  return [
    { label: 'A', text: runText(a) },
    { label: 'B', text: runText(b) },
    ...differences.map((text) => ({ label: 'not alike', text })),
  ]
}

function runText(run: DrillCompareReport['a'] | LoadCompareReport['a']): string {
  const { subject, seed, ratePerSecond, plan } = run
  const phases = [plan.beforeMs, plan.duringMs, plan.afterMs].map(formatDuration).join(' + ')
  const name = 'name' in run ? run.name : run.file
  const when = 'at' in run && run.at !== null ? `, begun ${run.at}` : ''
  const fault = 'fault' in run ? `, ${run.fault === 'none' ? 'no fault' : `fault ${run.fault}`}` : ''
  return `${name}: ${subject}${fault}, ${formatCount(ratePerSecond)}/s, ${phases}, seed ${seed}${when}`
}
