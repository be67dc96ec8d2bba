import type { ComparedDrill, DrillCompareReport } from '../../drill-compare-report.js'
import type { DrillReport, OutageReport } from '../../drill-report.js'
import type { CompareRow, LoadCompareReport } from '../../load-compare-report.js'
import type { LoadReport } from '../../load-report.js'
import type { Block, Mark, Page, Section } from '../page.js'
import { comparedFacts, rowsBlock } from './compared-tables.js'
import { drillCharts } from './drill-charts.js'
import { loadCharts } from './load-charts.js'
import { anchorOf, markOf } from './marks.js'
import { closingOf } from './origin.js'
import { overlaid } from './overlay.js'

/** Two runs of drills as a page: what is worse in B, then drill by drill what changed, and the curves over each other. */
export function comparedDrillsPage(report: DrillCompareReport, a: OutageReport, b: OutageReport): Page {
  const { drills, onlyInA, onlyInB } = report
  const links = drills.map(({ name }, index) => anchorOf('drill', index, name))
  const only = [
    ...(onlyInA.length > 0 ? [`Only in A: ${onlyInA.join(', ')}.`] : []),
    ...(onlyInB.length > 0 ? [`Only in B: ${onlyInB.join(', ')}.`] : []),
  ]
  return {
    ...frameOf(report, 'Two runs of drills'),
    opening: [
      {
        id: 'drills',
        title: 'What changed',
        blocks: [
          {
            kind: 'table',
            table: {
              caption: 'One row for each drill that both have, what is worse first',
              columns: ['drill', 'B is', 'A', 'B', 'clauses'].map((title) => ({ title, isText: true })),
              rows: drills.map((drill, index) => [
                { text: drill.name, to: links[index]! },
                { text: '', mark: changeMark(drill.change) },
                { text: '', mark: markOf(drill.a) },
                { text: '', mark: markOf(drill.b) },
                changedClauses(drill) || '-',
              ]),
            },
          },
          ...only.map((text): Block => ({ kind: 'text', text })),
        ],
      },
      { id: 'runs', title: 'The two runs', blocks: [{ kind: 'facts', facts: comparedFacts(report) }] },
    ],
    sections: drills.map((drill, index) => drillSection(drill, links[index]!, a, b)),
  }
}

/** The same of two load tests: every number that differs, and the curves over each other. */
export function comparedLoadsPage(report: LoadCompareReport, a: LoadReport, b: LoadReport): Page {
  const charts = overlaid(loadCharts(a), loadCharts(b))
  const isChange = ({ verdict }: CompareRow) => verdict !== 'same' && verdict !== 'unknown'
  const changed = report.rows.filter(isChange)
  const rest = report.rows.filter((row) => !isChange(row))
  return {
    ...frameOf(report, 'Two load tests'),
    opening: [
      {
        id: 'numbers',
        title: 'What changed',
        blocks:
          changed.length === 0
            ? [{ kind: 'text', text: 'Nothing that could be told from chance.' }]
            : [rowsBlock(changed)],
      },
      ...(charts.length === 0
        ? []
        : [
            {
              id: 'time',
              title: 'Over time',
              blocks: [{ kind: 'charts' as const, title: 'A and B', charts }],
            },
          ]),
      { id: 'runs', title: 'The two runs', blocks: [{ kind: 'facts', facts: comparedFacts(report) }] },
    ],
    sections:
      rest.length === 0 ? [] : [{ id: 'rest', title: 'The same, or unknown', blocks: [rowsBlock(rest)] }],
  }
}

function frameOf(
  { command, verdict, a, b, inWords, ...rest }: DrillCompareReport | LoadCompareReport,
  what: string,
): Omit<Page, 'opening' | 'sections'> {
  const reason = 'reason' in rest ? rest.reason : undefined
  return {
    title: `${what}: ${a.subject}${a.subject === b.subject ? '' : ` and ${b.subject}`}`,
    command: `cache ${command}`,
    question: 'Is B worse than A?',
    mark: markOf(verdict),
    answer: { pass: 'Nothing is worse.', fail: 'B is worse.', inconclusive: 'It could not be told.' }[
      verdict
    ],
    sentence: sentenceOf(reason ?? inWords ?? ''),
    closing: closingOf({}),
  }
}

function sentenceOf(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/(^$|[.!])$/.test(words) ? '' : '.'}`
}

function changeMark(change: ComparedDrill['change']): Mark {
  const level = ({ worse: 'bad', better: 'good', same: 'good', differs: 'open', unknown: 'open' } as const)[
    change
  ]
  return { level, word: change }
}

/** Where one of them proved nothing, no clause can say more than that. */
function changesIn({ clauses, aReason, bReason }: ComparedDrill): ComparedDrill['clauses'] {
  return (aReason ?? bReason) === undefined ? clauses.filter(({ change }) => change !== 'same') : []
}

function changedClauses(drill: ComparedDrill): string {
  return changesIn(drill)
    .map(({ id, a, b }) => `${id} ${a} → ${b}`)
    .join(', ')
}

function drillSection(drill: ComparedDrill, id: string, a: OutageReport, b: OutageReport): Section {
  const { name, change, numbers, aReason, bReason } = drill
  const of = ({ drills }: OutageReport) =>
    drills.find((each) => each.name === name || `${each.subject}: ${each.name}` === name)
  const charts = chartsOf(of(a), of(b))
  const changed = changesIn(drill)
  const reasons = [
    ...(aReason === undefined ? [] : [{ label: 'A', text: aReason }]),
    ...(bReason === undefined ? [] : [{ label: 'B', text: bReason }]),
  ]
  return {
    id,
    title: name,
    mark: changeMark(change),
    blocks: [
      ...(reasons.length > 0 ? [{ kind: 'facts' as const, facts: reasons }] : []),
      ...(changed.length === 0
        ? []
        : [
            {
              kind: 'judged' as const,
              title: 'Clauses that changed',
              items: changed.map(
                ({ id: clause, title, a: was, b: is, aEvidence, bEvidence, change: how }) => ({
                  id: clause,
                  title,
                  mark: changeMark(how),
                  evidence: '',
                  facts: [
                    { label: `A: ${was}`, text: aEvidence },
                    { label: `B: ${is}`, text: bEvidence },
                  ],
                }),
              ),
            },
          ]),
      ...(charts.length > 0 ? [{ kind: 'charts' as const, title: 'Over time', charts }] : []),
      ...(numbers.length > 0 ? [{ ...rowsBlock(numbers), title: 'Numbers, which decide nothing' }] : []),
    ],
  }
}

function chartsOf(a: DrillReport | undefined, b: DrillReport | undefined) {
  return a && b ? overlaid(drillCharts(a), drillCharts(b)) : []
}
