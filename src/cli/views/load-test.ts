import type { LoadListReport, LoadReport, Named, SloResult } from '../../ops/report/load-report.js'
import { formatCount, formatDuration, formatQuantity, formatShare } from '../format.js'
import { inAscii } from '../in-ascii.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'
import { timelineText } from './load-timeline.js'

/** What was run, a row per phase, the time line, the SLOs, and the verdict. Quiet: only what failed, and the verdict. */
export function loadText(report: LoadReport, terminal: Terminal): string {
  return inAscii(linesOf(report, terminal), terminal)
}

function linesOf(report: LoadReport, terminal: Terminal): string {
  const slos = report.slos
    // Why none was judged is said once, at the end.
    .filter(({ result }) => report.reason === undefined && !(terminal.quiet && result === 'pass'))
    .map((slo) => sloText(slo, terminal))
  const ending = verdictText(report, terminal)
  if (terminal.quiet) return [...slos, ending].join('\n')
  const seen = report.witness ? [entry('seen', report.witness.evidence, terminal)] : []
  const measured =
    report.phases.length === 0
      ? []
      : ['', phasesText(report, terminal), ...notes(report, terminal), '', timelineText(report, terminal)]
  return [
    planText(report, terminal),
    ...seen,
    ...measured,
    '',
    ...slos,
    ...(slos.length === 0 ? [] : ['']),
    ending,
  ].join('\n')
}

function planText(report: LoadReport, terminal: Terminal): string {
  const { subject, ratePerSecond, seed, plan, fault, generator, environment } = report
  const [before, during, after] = [plan.beforeMs, plan.duringMs, plan.afterMs].map(formatDuration)
  const phases =
    fault === 'none'
      ? `${before} before, ${during} during, ${after} after, all of them healthy`
      : `${before} before, ${during} under ${fault}, ${after} after`
  const late = generator.latenessP99Ms
  return [
    entry('subject', `${subject}, ${formatQuantity(ratePerSecond, 'operation')}/s, seed ${seed}`, terminal),
    entry('plan', phases, terminal),
    entry('server', serverOf(environment), terminal),
    entry(
      'load',
      `latency from when it was due; ${late === null ? 'nothing was started' : `starts ${formatDuration(late)} late at p99 (limit ${formatDuration(generator.limitMs)})`}`,
      terminal,
    ),
  ].join('\n')
}

const COLUMNS: Column[] = [
  { title: 'phase' },
  ...['sent', 'ok', 'err', 'p50', 'p90', 'p99', 'max', 'hit', 'source/s'].map((title) => ({
    title,
    align: 'right' as const,
  })),
]

function phasesText({ phases, interrupted }: LoadReport, terminal: Terminal): string {
  const rows = phases.map((phase) => {
    const time = (ms: number | null, label?: string) => {
      // Nobody knows how long what an interruption cut off would have taken.
      if (phase.sent === 0 || (ms === null && interrupted)) return '-'
      return `${label !== undefined && phase.uncertain.includes(label) ? '~' : ''}${formatDuration(ms)}`
    }
    return [
      phase.name,
      formatCount(phase.sent),
      formatCount(phase.ok),
      formatCount(phase.errors),
      time(phase.p50Ms, 'p50'),
      time(phase.p90Ms, 'p90'),
      time(phase.p99Ms, 'p99'),
      time(phase.maxMs),
      formatShare(phase.hitRatio),
      phase.durationMs === 0 ? '-' : formatCount(phase.sourcePerSecond),
    ]
  })
  return renderTable(COLUMNS, rows, terminal)
}

function notes({ phases, interrupted }: LoadReport, terminal: Terminal): string[] {
  const what = interrupted ? 'was on its way when the run was stopped' : 'had no answer when the run ended'
  const pending = phases
    .filter((phase) => phase.pending > 0)
    .map(({ name, pending, sent }) =>
      entry('', `${formatCount(pending)} of ${formatCount(sent)} in ${name} ${what}`, terminal),
    )
  const shown = phases.some(
    ({ sent, uncertain }) => sent > 0 && uncertain.some((label) => /^p(50|90|99)$/.test(label)),
  )
  const rough = shown ? [entry('', '~ of too few operations to be judged', terminal)] : []
  return [...pending, ...rough]
}

const WORDS = { pass: 'ok', fail: 'FAIL', 'not judged': 'skip' } as const

function sloText({ slo, result, evidence }: SloResult, terminal: Terminal): string {
  const { style } = terminal
  const paint = { pass: style.good, fail: style.bad, 'not judged': style.caution }[result]
  const what = result === 'not judged' ? `not judged: ${evidence}` : evidence
  return entry(WORDS[result], `${slo}: ${what}`, terminal, paint)
}

function verdictText(report: LoadReport, terminal: Terminal): string {
  const { style } = terminal
  const { verdict, reason, slos, inWords, interrupted } = report
  const words = reason ?? inWords ?? ''
  const sentence =
    words === '' ? '' : `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!]$/.test(words) ? '' : '.'}`
  if (interrupted) return entry('stopped', sentence, terminal, style.caution)
  const count = (result: SloResult['result']) => slos.filter((slo) => slo.result === result).length
  const counts =
    slos.length === 0
      ? ''
      : `${formatQuantity(slos.length, 'SLO')}: ${count('pass')} hold${count('pass') === 1 ? 's' : ''}, ${count('fail')} missed, ${count('not judged')} not judged. `
  const text = `${counts}${sentence}`.trimEnd()
  if (verdict === 'pass') return entry('ok', text, terminal, style.good)
  if (verdict === 'fail') return entry('FAIL', text, terminal, style.bad)
  const proved = reason === undefined ? 'Not everything could be told.' : 'Nothing is proved.'
  return entry('skip', `${proved} ${text}`, terminal, style.caution)
}

/** For whoever waits. */
export function describePhase(phase: 'warm-up' | 'before' | 'during' | 'after', fault: string): string {
  const during = fault === 'none' ? 'during: still healthy' : `during: ${fault}`
  return { 'warm-up': 'warming up', before: 'before: steady load', during, after: 'after: healthy again' }[
    phase
  ]
}

export function loadListText({ faults, subjects, metrics }: LoadListReport, terminal: Terminal): string {
  const table = (title: string, items: readonly Named[]) =>
    renderTable(
      [{ title }, { title: '', wraps: true }],
      items.map(({ name, summary }) => [name, summary]),
      terminal,
    )
  return [table('fault', faults), table('subject', subjects), table('metric', metrics)].join('\n\n')
}

function serverOf({ server, emulated }: LoadReport['environment']): string {
  if (server === 'none') return server
  return [`${server}, of our own`, ...emulated.map((part) => `emulated: ${part}`)].join('; ')
}
