import { conclusionOf } from '../../load-conclusion.js'
import { momentsOf } from '../../load-moments.js'
import type { LoadReport } from '../../load-report.js'
import type { Block, Page, PageOrigin, Section } from '../page.js'
import { loadAgain } from './again.js'
import { loadCharts } from './load-charts.js'
import { loadFacts } from './load-facts.js'
import { partsBlocks, phasesBlocks, repeatBlocks } from './load-tables.js'
import { markOf, markOfRun } from './marks.js'
import { closingOf } from './origin.js'

/** A load test as a page: the verdict, the SLOs, what users saw before, during and after, over time, and part by part. */
export function loadPage(report: LoadReport, origin: PageOrigin = {}): Page {
  const { subject, fault } = report
  const { text } = conclusionOf(report)
  return {
    title: `Load test of ${subject}${fault === 'none' ? '' : ` under ${fault}`}`,
    command: 'cache load-test',
    question: fault === 'none' ? 'What can it carry?' : 'What does a failover cost under load?',
    mark: markOfRun(report),
    answer: answerOf(report),
    sentence: text,
    opening: [
      ...slosSection(report),
      ...chartsSection(report),
      {
        id: 'phases',
        title: 'Before, during and after',
        blocks: [...momentsBlocks(report), ...phasesBlocks(report)],
      },
      { id: 'run', title: 'What was done', blocks: runBlocks(report, origin) },
    ],
    sections: [
      ...listed('parts', 'Part by part', partsBlocks(report)),
      ...listed('runs', 'Run by run', repeatBlocks(report)),
    ],
    closing: closingOf(origin),
  }
}

function answerOf({ verdict, interrupted, stoppedBy, slos, reason }: LoadReport): string {
  if (interrupted) return 'Stopped before the end.'
  if (stoppedBy !== undefined) return 'Stopped by its own condition.'
  if (verdict === 'inconclusive') return 'It could not be told.'
  const missed = slos.filter(({ result }) => result === 'fail').length
  if (verdict === 'fail')
    return missed === 0
      ? `It did not hold${reason === undefined ? '' : `: ${reason}`}.`
      : missed === 1
        ? 'A promise was missed.'
        : `${missed} promises were missed.`
  return slos.length === 0 ? 'It was measured; nothing was promised.' : 'Every promise held.'
}

function slosSection({ slos }: LoadReport): Section[] {
  if (slos.length === 0) return []
  const order = ['fail', 'not judged', 'pass']
  const items = slos
    .toSorted((a, b) => order.indexOf(a.result) - order.indexOf(b.result))
    .map(({ slo, result, evidence, from, runs }) => ({
      id: from === 'baseline' ? 'baseline' : 'SLO',
      title: slo,
      mark: markOf(result),
      evidence: runs
        ? `${evidence}; held in ${runs.pass}, missed in ${runs.fail}, not judged in ${runs.notJudged} of the runs`
        : evidence,
      facts: [],
    }))
  return [{ id: 'slos', title: 'What was promised', blocks: [{ kind: 'judged', title: 'SLOs', items }] }]
}

function momentsBlocks(report: LoadReport): Block[] {
  const [outage, heal] = momentsOf(report)
  const facts = [
    ...(outage.length > 0 ? [{ label: 'from the fault', text: outage.join('; ') }] : []),
    ...(heal.length > 0 ? [{ label: 'from the heal', text: heal.join('; ') }] : []),
  ]
  return facts.length === 0 ? [] : [{ kind: 'facts', facts }]
}

function runBlocks(report: LoadReport, origin: PageOrigin): Block[] {
  const commands = loadAgain(report)
  return [
    { kind: 'facts', facts: loadFacts(report, origin) },
    ...(commands.length === 0
      ? []
      : [
          {
            kind: 'commands' as const,
            title: 'To run it again',
            commands,
            note: 'In a directory with the same configuration.',
          },
        ]),
  ]
}

function chartsSection(report: LoadReport): Section[] {
  const charts = loadCharts(report)
  return charts.length === 0
    ? []
    : [{ id: 'time', title: 'Over time', blocks: [{ kind: 'charts', title: 'Second by second', charts }] }]
}

function listed(id: string, title: string, blocks: Block[]): Section[] {
  return blocks.length === 0 ? [] : [{ id, title, blocks }]
}
