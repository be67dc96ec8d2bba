import { DRILL_COLUMNS, drillRow } from '../../drill-row.js'
import type { DrillReport, OutageReport } from '../../drill-report.js'
import { formatQuantity } from '../../format.js'
import { lostIn, outageConclusionOf } from '../../outage-conclusion.js'
import type { Block, Cell, Page, PageOrigin, Section } from '../page.js'
import { drillsAgain } from './again.js'
import { drillSection } from './drill-section.js'
import { anchorOf, markOf, markOfRun } from './marks.js'
import { closingOf } from './origin.js'
import { outageFacts } from './outage-facts.js'

/** A run of drills as a page: the verdict, all drills in one table, how it was done, and each drill by itself. */
export function outagePage(report: OutageReport, origin: PageOrigin = {}): Page {
  const { drills, subject, app } = report
  const titles = titlesOf(drills)
  const links = drills.map((_, index) => anchorOf('drill', index, titles[index]!))
  return {
    title: `Outage drills of ${app?.command ?? subject}`,
    command: 'cache simulate-outage',
    question: `${lostIn(report)} was taken away, for real. Does anybody notice?`,
    mark: markOfRun(report),
    answer: answerOf(report),
    sentence: `${outageConclusionOf(report).text}.`,
    opening: [
      { id: 'drills', title: 'Drills', blocks: [drillsTable(drills, titles, links), ...notJudged(report)] },
      { id: 'run', title: 'What was done', blocks: runBlocks(report, origin) },
    ],
    sections: drills.map((drill, index) => drillSection(drill, links[index]!, titles[index]!)),
    closing: closingOf(origin),
  }
}

function answerOf(report: OutageReport): string {
  const { verdict, interrupted, stoppedBy, subject, app } = report
  const whose = app?.command ?? subject
  if (interrupted) return 'Stopped before the end.'
  if (stoppedBy !== undefined) return `Stopped by its own condition: ${stoppedBy}.`
  if (verdict === 'inconclusive') return 'It could not be told.'
  const lost = lostIn(report)
  if (verdict === 'fail')
    return lost === 'Redis' ? `Callers of ${whose} notice.` : `Callers of ${whose} are harmed.`
  return lost === 'Redis' ? 'Nobody noticed.' : 'Every promise was kept.'
}

/** Drills are told apart by their names, and where there are several subjects by those as well. */
function titlesOf(drills: readonly DrillReport[]): string[] {
  const isOfOne = new Set(drills.map(({ subject }) => subject)).size < 2
  return drills.map(({ name, subject }) => (isOfOne ? name : `${subject}: ${name}`))
}

function drillsTable(
  drills: readonly DrillReport[],
  titles: readonly string[],
  links: readonly string[],
): Block {
  const rows = drills.map((drill, index): Cell[] => [
    { text: titles[index]!, to: links[index]! },
    { text: '', mark: markOf(drill.verdict) },
    ...drillRow(drill).slice(1),
  ])
  return {
    kind: 'table',
    table: {
      caption: 'One row for each drill; its name leads to what was seen',
      columns: [
        { title: 'drill' },
        { title: 'verdict', isText: true },
        ...DRILL_COLUMNS.slice(1).map((title) => ({ title })),
      ],
      rows,
      notes: [
        'p99 and worst: of calls that were due in the fault. waiting: never answered. fallback: until the first answer without Redis; ' +
          'detect: until the first sign for an operator; both from the fault on. recover: from the heal to the first hit. ' +
          'source: reads of the source of truth in the fault over those before it.',
      ],
    },
  }
}

function notJudged({ drills, summary }: OutageReport): Block[] {
  if (summary.clausesNotJudged === 0) return []
  const count = formatQuantity(summary.clausesNotJudged, 'clause')
  const of = drills.filter(({ clauses }) => clauses.some(({ result }) => result === 'not judged'))
  return [
    {
      kind: 'text',
      text: `${count} not judged, which is no pass; why is told at ${of.map(({ name }) => name).join(', ')}.`,
    },
  ]
}

function runBlocks(report: OutageReport, origin: PageOrigin): Section['blocks'] {
  const commands = drillsAgain(report)
  const isTimed = report.drills.length > 1
  return [
    { kind: 'facts', facts: outageFacts(report, origin) },
    ...(commands.length === 0
      ? []
      : [
          {
            kind: 'commands' as const,
            title: 'To run it again',
            commands,
            note: `In a directory with the same configuration, which may set other budgets.${isTimed ? ' The same seed makes the same traffic, drill by drill.' : ''}`,
          },
        ]),
  ]
}
