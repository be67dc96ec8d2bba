import type { ComparedNumber, DrillCompareReport } from '../../drill-compare-report.js'
import { comparedValue, differenceOf } from '../../compared-numbers.js'
import { formatCount, formatDuration } from '../../format.js'
import type { CompareRow, LoadCompareReport } from '../../load-compare-report.js'
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
        comparedValue(row.a, row.unit),
        comparedValue(row.b, row.unit),
        differenceOf(row),
      ]),
    },
  }
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
