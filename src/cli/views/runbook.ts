import { basename } from 'node:path'
import type { RunbookRunReport, StepReport, StepStatus } from '../../ops/report/runbook-report.js'
import { formatDuration, formatQuantity } from '../../ops/report/format.js'
import { inAscii } from '../in-ascii.js'
import { sanitise } from '../sanitise.js'
import type { ResultWord } from '../style.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { block, entry, prose } from './labelled-lines.js'

const SHOWN_COMMAND_LINES = 8
// What `cache doctor` prints of one check that fails, and what to do about it.
const SHOWN_OUTPUT_LINES = 20

const WORDS: Record<StepStatus, ResultWord> = {
  passed: 'ok',
  failed: 'FAIL',
  'timed out': 'FAIL',
  inconclusive: 'skip',
  interrupted: 'warn',
  manual: 'warn',
  skipped: 'skip',
  'not run': 'skip',
}

/** One line a step; for one that did not pass what it ran, expected and printed, and what to do next; the verdict. */
export function runbookText(report: RunbookRunReport, terminal: Terminal): string {
  return inAscii(linesOf(report, terminal), terminal)
}

function linesOf(report: RunbookRunReport, terminal: Terminal): string {
  const { runbook, steps } = report
  const blocks = steps.flatMap((step) => detailsOf(step, report, terminal))
  const ending = ['', verdictOf(report, terminal)]
  if (terminal.quiet) return [...blocks, ...ending].join('\n').trimStart()
  const where = `${runbook.path}${runbook.anchor === null ? '' : `#${runbook.anchor}`}`
  return [
    entry('runbook', sanitise(runbook.title), terminal),
    entry('file', sanitise(where), terminal),
    ...(steps.length > 0 ? ['', tableOf(steps, terminal)] : []),
    ...blocks,
    ...ending,
  ].join('\n')
}

const COLUMNS: Column[] = [
  { title: '' },
  { title: 'step' },
  { title: 'time', align: 'right' },
  { title: 'result', wraps: true },
]

function tableOf(steps: readonly StepReport[], terminal: Terminal): string {
  const rows = steps.map((step) => [
    terminal.style.word(WORDS[step.status]),
    `${sanitise(step.name)}${step.cleanup ? ' (cleanup)' : ''}`,
    step.durationMs === null ? '-' : formatDuration(step.durationMs),
    resultOf(step),
  ])
  return renderTable(COLUMNS, rows, terminal)
}

function resultOf(step: StepReport): string {
  const { status, reason, attempts } = step
  if (status === 'passed') return `${whatHeld(step)}${attempts ? `, at attempt ${attempts}` : ''}`
  // A failure has its own block below.
  return status === 'failed' ? 'see below' : sanitise(`${status}: ${reason ?? ''}`)
}

function whatHeld({ assertions }: StepReport): string {
  const [only, ...more] = assertions
  if (only === undefined) return 'exit code 0'
  if (more.length > 0) return formatQuantity(assertions.length, 'expectation')
  return sanitise(`${only.text}${only.actual && only.actual !== only.text ? `: ${only.actual}` : ''}`)
}

function detailsOf(step: StepReport, { runbook }: RunbookRunReport, terminal: Terminal): string[] {
  const { style } = terminal
  const { status, name, line, command, reason, output, guidance } = step
  const head = (word: ResultWord) => [
    '',
    `${style.word(word)}     ${style.bold(sanitise(name))}  ${style.dim(sanitise(`${basename(runbook.path)}:${line}`))}`,
  ]
  if (status === 'manual') return [...head('warn'), ...block('do', command, Infinity, terminal)]
  if (status !== 'failed' && status !== 'timed out' && status !== 'inconclusive') return []
  // What was expected has lines of its own.
  const because = sanitise(reason ?? '').replace(/(?:^|; )expected .*$/, '')
  return [
    ...head(WORDS[status]),
    ...(because === '' ? [] : [entry('because', because, terminal)]),
    ...block('ran', command, SHOWN_COMMAND_LINES, terminal),
    ...(status === 'inconclusive' ? [] : expectationsOf(step, terminal)),
    ...(output === ''
      ? [entry('output', 'none', terminal)]
      : block('output', output, SHOWN_OUTPUT_LINES, terminal)),
    ...(guidance === '' ? [] : prose('next', guidance, terminal)),
  ]
}

function expectationsOf({ assertions }: StepReport, terminal: Terminal): string[] {
  const failed = assertions.filter(({ result }) => result === 'fail')
  const shown = failed.length > 0 ? failed : assertions.filter(({ result }) => result !== 'pass')
  return shown.flatMap(({ text, line, actual }) => [
    entry('expected', sanitise(`${text}  (line ${line})`), terminal),
    entry('actual', sanitise(actual ?? 'the run never came to it'), terminal),
  ])
}

function verdictOf(report: RunbookRunReport, terminal: Terminal): string {
  const { verdict, summary, steps, interrupted, reason } = report
  const { style } = terminal
  const { passed, failed, timedOut, notRun } = summary
  const left = summary.manual + summary.skipped
  const counts = [
    `${passed} passed`,
    `${failed + timedOut} failed`,
    ...(summary.inconclusive > 0 ? [`${summary.inconclusive} inconclusive`] : []),
    ...(summary.interrupted > 0 ? [`${summary.interrupted} interrupted`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
    ...(left > 0 ? [`${left} manual${summary.skipped > 0 ? ' (skipped)' : ''}`] : []),
  ].join(', ')
  const say = (label: string, text: string, paint: (text: string) => string) =>
    entry(label, sanitise(text), terminal, paint)
  if (interrupted) return say('stopped', `${counts}; interrupted, so this is partial`, style.caution)
  if (verdict === 'pass') {
    return say('ok', `${counts}; ${formatQuantity(summary.assertions, 'expectation')} met`, style.good)
  }
  const first = steps.find(({ status }) => status === 'failed' || status === 'timed out')
  if (first) return say('FAIL', `${counts}: stopped at ${first.name}`, style.bad)
  return say('skip', `${counts}: ${reason ?? 'nothing is proved'}`, style.caution)
}
