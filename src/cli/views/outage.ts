import type { ClauseResult, DrillReport, OutageReport } from '../../ops/report/drill-report.js'
import { DRILL_COLUMNS, DRILL_WORDS, drillRow } from '../../ops/report/drill-row.js'
import { formatDuration, formatQuantity } from '../../ops/report/format.js'
import { narrowingOf } from '../../ops/report/narrowing.js'
import { lostIn, outageConclusionOf } from '../../ops/report/outage-conclusion.js'
import { inAscii } from '../in-ascii.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { linesOfApp } from './app-plan.js'
import { computedFallbacks } from './computed-fallbacks.js'
import { entry } from './labelled-lines.js'
import { linesOfShared } from './shared-server.js'

interface Plan {
  beforeMs: number
  duringMs: number
  afterMs: number
}

/**
 * The plan, one row per drill, a block of plain sentences per broken clause, and the verdict. Quiet: only what failed,
 * and the verdict.
 */
export function outageText(report: OutageReport, plan: Plan, terminal: Terminal): string {
  return inAscii(linesOf(report, plan, terminal), terminal)
}

function linesOf(report: OutageReport, plan: Plan, terminal: Terminal): string {
  const failures = report.drills.flatMap((drill) => failuresOf(drill, terminal))
  const ending = ['', verdictOf(report, terminal)]
  if (terminal.quiet) return [...failures, ...ending].join('\n').trimStart()
  return [
    planOf(report, plan, terminal),
    '',
    tableOf(report, terminal),
    ...failures,
    ...leftOnOwnServers(report, terminal),
    ...notJudged(report, terminal),
    ...ending,
  ].join('\n')
}

function planOf(report: OutageReport, plan: Plan, terminal: Terminal): string {
  const { subject, seed, ratePerSecond, environment, app } = report
  const phases = [plan.beforeMs, plan.duringMs, plan.afterMs].map(formatDuration)
  const timelines = report.drills.flatMap(({ timeline }) => (timeline ? [timelineOf(timeline)] : []))
  const { narrowing } = report
  return [
    ...(app
      ? linesOfApp(app, ratePerSecond, terminal)
      : [`subject  ${subject}, ${formatQuantity(ratePerSecond, 'operation')}/s, seed ${seed}`]),
    `plan     ${phases[0]} before, ${phases[1]} without ${lostIn(report)}, ${phases[2]} after`,
    ...(narrowing ? [entry('only', narrowingOf(narrowing), terminal)] : []),
    ...timelines.map((text) => entry('faults', text, terminal)),
    ...(report.sharedServer
      ? linesOfShared(report.sharedServer, environment.server, terminal)
      : [
          entry(
            'server',
            `${environment.server}${app?.isRunning || app?.ownServers ? '' : ', of our own'}${environment.emulated.map((part) => `; emulated: ${part}`).join('')}`,
            terminal,
          ),
        ]),
  ].join('\n')
}

function timelineOf(timeline: NonNullable<DrillReport['timeline']>): string {
  return timeline
    .map(
      ({ fault, atMs, forMs, narrowing }) =>
        `${fault} from ${formatDuration(atMs)} to ${formatDuration(atMs + forMs)}` +
        (narrowing ? ` (${narrowingOf(narrowing)})` : ''),
    )
    .join(', ')
}

const COLUMNS: Column[] = [
  { title: 'drill' },
  ...DRILL_COLUMNS.slice(1).map((title): Column => ({ title, align: 'right' })),
  { title: 'verdict', wraps: true },
]

/** One row per drill, and a table for each subject where there are several. */
function tableOf({ drills }: OutageReport, terminal: Terminal): string {
  const subjects = [...new Set(drills.map(({ subject }) => subject))]
  const tables = subjects.map((subject) => {
    const table = renderTable(COLUMNS, rowsOf(drillsOn(drills, subject), terminal), terminal)
    return subjects.length > 1 ? `${terminal.style.bold(subject)}\n${table}\n` : table
  })
  const seen = drills.map(({ name, witness }) =>
    entry('seen', `${name}: ${witness.evidence}`, terminal, terminal.style.dim),
  )
  // Before there was anything to show, the columns are.
  const shown = tables.length > 0 ? tables : [renderTable(COLUMNS, [], terminal)]
  return [
    ...shown,
    ...(subjects.length > 1 ? [] : ['']),
    ...seen,
    ...computedFallbacks(drills, terminal),
  ].join('\n')
}

const drillsOn = (drills: readonly DrillReport[], subject: string) =>
  drills.filter((drill) => drill.subject === subject)

function rowsOf(drills: readonly DrillReport[], terminal: Terminal): string[][] {
  return drills.map((drill) => [...drillRow(drill), terminal.style.word(DRILL_WORDS[drill.verdict])])
}

function failuresOf(drill: DrillReport, terminal: Terminal): string[] {
  const blocks = drill.clauses.flatMap(({ id, title, finding }) => {
    if (!finding) return []
    return [
      '',
      `${terminal.style.word('FAIL')}     ${terminal.style.bold(`${drill.name}  ${id} ${title}`)}`,
      entry('', finding.happened, terminal),
      entry('cause', finding.cause, terminal),
      entry('change', finding.change, terminal),
      ...(finding.show === undefined ? [] : [entry('show', finding.show, terminal)]),
    ]
  })
  if (drill.reason === undefined) return blocks
  return [...blocks, '', entry('skip', `${drill.name}: ${drill.reason}`, terminal, terminal.style.caution)]
}

/** On servers with keys of others the proof is shown, also that nothing is wrong. */
function leftOnOwnServers({ app, drills }: OutageReport, terminal: Terminal): string[] {
  if (!app?.ownServers) return []
  return drills.flatMap(({ name, clauses }) =>
    clauses
      .filter(({ id, result }) => id === 'C11' && result === 'pass')
      .map(({ evidence }) => entry('C11', `${name}: ${evidence}`, terminal)),
  )
}

function notJudged({ drills, summary }: OutageReport, terminal: Terminal): string[] {
  if (summary.clausesNotJudged === 0) return []
  const drillsByReason = new Map<string, string[]>()
  for (const { name, clauses, reason } of drills) {
    const unjudged = clauses.filter(({ result }: ClauseResult) => result === 'not judged')
    // What is inconclusive has told why.
    for (const { id, evidence } of reason === undefined ? unjudged : []) {
      const why = `${id}: ${evidence}`
      drillsByReason.set(why, [...(drillsByReason.get(why) ?? []), name])
    }
  }
  const reasons = [...drillsByReason].map(([why, names]) => entry('', `${names.join(', ')} ${why}`, terminal))
  const count = formatQuantity(summary.clausesNotJudged, 'clause')
  return ['', entry('note', `${count} not judged, which is no pass`, terminal), ...reasons]
}

function verdictOf(report: OutageReport, terminal: Terminal): string {
  const { word, text } = outageConclusionOf(report)
  const { style } = terminal
  const paint = { ok: style.good, FAIL: style.bad, skip: style.caution, stopped: style.caution }[word]
  return entry(word, text, terminal, paint)
}
