import type { ClauseResult, DrillReport, PhaseSummary } from '../../drill-report.js'
import { formatCount, formatDuration, formatShare } from '../../format.js'
import { narrowingOf } from '../../narrowing.js'
import type { Block, Fact, Judged, Section } from '../page.js'
import { valueText } from '../value.js'
import { drillCharts } from './drill-charts.js'
import { markOf } from './marks.js'

/** One drill: its verdict and why, the proof that the fault arrived, what happened over time, and every clause. */
export function drillSection(drill: DrillReport, id: string, title: string): Section {
  const { verdict, witness, reason } = drill
  const charts = drillCharts(drill)
  return {
    id,
    title,
    mark: markOf(verdict),
    blocks: [
      { kind: 'text', text: reason ?? whyOf(drill) },
      { kind: 'facts', facts: [{ label: 'witness', text: seenOf(witness) }, ...fallbackFacts(drill)] },
      ...(drill.timeline ? [timelineBlock(drill.timeline)] : []),
      ...(charts.length > 0 ? [{ kind: 'charts' as const, title: 'Over time', charts }] : []),
      ...(drill.phases.length > 0 ? [phasesBlock(drill.phases)] : []),
      ...(drill.clauses.length > 0 ? [clausesBlock(drill.clauses)] : []),
    ],
  }
}

function whyOf({ clauses, verdict }: DrillReport): string {
  const of = (result: ClauseResult['result']) => clauses.filter((clause) => clause.result === result)
  const broken = of('fail').map(({ id, title }) => `${id} ${title}`)
  const open = of('not judged').length
  const rest = open === 0 ? '' : ` ${open === 1 ? 'One was' : `${open} were`} not judged, which is no pass.`
  if (broken.length > 0) return `Broken: ${broken.join(', ')}.${rest}`
  return verdict === 'pass' ? `${of('pass').length} clauses of the contract were kept.${rest}` : rest.trim()
}

function seenOf({ witnessed, evidence }: DrillReport['witness']): string {
  return witnessed ? evidence : `the fault was not seen to arrive: ${evidence}`
}

/** What the client's options allow, and what was seen, next to each other. */
function fallbackFacts({
  computedFallback: computed,
  timeToFallbackMs: measured,
  clauses,
}: DrillReport): Fact[] {
  const isJudged = clauses.some(({ id, result }) => id === 'C3' && result !== 'not judged')
  const seen = measured === null ? (isJudged ? 'not before the heal' : 'not known') : formatDuration(measured)
  if (!computed) return [{ label: 'fallback', text: `measured ${seen}` }]
  const most = computed.worstMs === null ? 'never' : `${formatDuration(computed.worstMs)} at most`
  return [
    {
      label: 'fallback',
      text: `computed ${most}, measured ${seen}; computed for ${computed.client} (${computed.because})`,
    },
  ]
}

function timelineBlock(timeline: NonNullable<DrillReport['timeline']>): Block {
  return {
    kind: 'table',
    title: 'Faults of the scenario',
    table: {
      caption: 'What failed when, from the beginning of the fault on',
      columns: [
        { title: 'fault' },
        { title: 'from' },
        { title: 'to' },
        { title: 'what it touched', isText: true },
      ],
      rows: timeline.map(({ fault, atMs, forMs, narrowing }) => [
        fault,
        formatDuration(atMs),
        formatDuration(atMs + forMs),
        narrowing ? narrowingOf(narrowing) : 'all that it treats',
      ]),
    },
  }
}

function phasesBlock(phases: readonly PhaseSummary[]): Block {
  const titles = ['lasted', 'calls', 'errors', 'no answer', 'p50', 'p99', 'worst', 'hits', 'source']
  return {
    kind: 'table',
    title: 'By phase',
    table: {
      caption: 'What callers saw before, during and after the fault',
      columns: ['phase', ...titles].map((title) => ({ title })),
      rows: phases.map((phase) => [
        phase.name,
        formatDuration(phase.durationMs),
        formatCount(phase.operations),
        formatCount(phase.errors),
        formatCount(phase.pending),
        valueText(phase.p50Ms, 'time'),
        valueText(phase.p99Ms, 'time'),
        valueText(phase.worstMs, 'time'),
        formatShare(phase.hitRatio),
        valueText(phase.sourcePerSecond, 'perSecond'),
      ]),
    },
  }
}

const ORDER: ClauseResult['result'][] = ['fail', 'not judged', 'pass']

function clausesBlock(clauses: readonly ClauseResult[]): Block {
  const sorted = clauses.toSorted((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result))
  const [first] = sorted
  // Of a drill that proved nothing no clause has more to say than the others.
  const isOpen = sorted.every(
    ({ result, evidence }) => result === 'not judged' && evidence === first?.evidence,
  )
  const items =
    isOpen && first && sorted.length > 1
      ? [{ ...judgedOf(first), id: sorted.map(({ id }) => id).join(', '), title: '' }]
      : sorted.map(judgedOf)
  return { kind: 'judged', title: 'Clauses of the contract', items }
}

function judgedOf({ id, title, result, evidence, finding }: ClauseResult): Judged {
  return {
    id,
    title,
    mark: markOf(result),
    // What happened says the same, and more.
    evidence: finding && evidence === finding.happened ? '' : evidence,
    facts: finding
      ? [
          { label: 'happened', text: finding.happened },
          { label: 'cause', text: finding.cause },
          { label: 'change', text: finding.change },
        ]
      : [],
    ...(finding?.show !== undefined && { command: finding.show }),
  }
}
