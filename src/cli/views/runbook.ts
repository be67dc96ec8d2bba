import type { RunbookRunReport, StepReport, StepStatus } from '../../ops/report/runbook-report.js'
import { formatDuration, formatQuantity } from '../format.js'
import { sanitise } from '../sanitise.js'
import type { ResultWord } from '../style.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'

const SHOWN_COMMAND_LINES = 8
const SHOWN_OUTPUT_LINES = 10
const SHOWN_GUIDANCE_LINES = 24

const WORDS: Record<StepStatus, ResultWord> = {
  passed: 'ok',
  failed: 'FAIL',
  'timed out': 'FAIL',
  interrupted: 'warn',
  manual: 'warn',
  skipped: 'skip',
  'not run': 'skip',
}

/** One line a step; for one that did not pass what it ran, expected and printed, and what to do next; the verdict. */
export function runbookText(report: RunbookRunReport, terminal: Terminal): string {
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

function resultOf({ status, reason, assertions }: StepReport): string {
  if (status === 'passed') {
    const [only, ...more] = assertions
    if (only === undefined) return 'exit code 0'
    if (more.length > 0) return formatQuantity(assertions.length, 'expectation')
    return sanitise(`${only.text}${only.actual && only.actual !== only.text ? `: ${only.actual}` : ''}`)
  }
  // A failure has its own block below.
  return status === 'failed' ? 'see below' : sanitise(`${status}: ${reason ?? ''}`)
}

function detailsOf(step: StepReport, { runbook }: RunbookRunReport, terminal: Terminal): string[] {
  const { style } = terminal
  const { status, name, line, command, reason, output, guidance } = step
  const head = (word: ResultWord) => [
    '',
    `${style.word(word)}     ${style.bold(sanitise(name))}  ${style.dim(sanitise(`${runbook.path}:${line}`))}`,
  ]
  if (status === 'manual')
    return [...head('warn'), ...block('do', command, SHOWN_COMMAND_LINES * 4, terminal)]
  if (status !== 'failed' && status !== 'timed out') return []
  return [
    ...head('FAIL'),
    entry('because', sanitise(reason ?? ''), terminal),
    ...block('ran', command, SHOWN_COMMAND_LINES, terminal),
    ...expectationsOf(step, terminal),
    ...(output === ''
      ? [entry('output', 'none', terminal)]
      : block('output', output, -SHOWN_OUTPUT_LINES, terminal)),
    ...(guidance === '' ? [] : block('next', guidance, SHOWN_GUIDANCE_LINES, terminal)),
  ]
}

function expectationsOf({ assertions }: StepReport, terminal: Terminal): string[] {
  return assertions
    .filter(({ result }) => result !== 'pass')
    .flatMap(({ text, line, actual, result }) => [
      entry('expected', sanitise(`${text}  (line ${line})`), terminal),
      entry(
        'actual',
        sanitise(result === 'not judged' ? 'not judged: never came to it' : (actual ?? '')),
        terminal,
      ),
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
    ...(summary.interrupted > 0 ? [`${summary.interrupted} interrupted`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
    ...(left > 0 ? [`${left} manual${summary.skipped > 0 ? ', skipped' : ''}`] : []),
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

const INDENT = 9

/** Text under a label of nine columns, broken between words at the terminal's width. */
function entry(label: string, text: string, terminal: Terminal, paint = terminal.style.dim): string {
  const width = terminal.width - INDENT
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
    if (longer.length > width && lines.at(-1) !== '') lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
    .map((line, index) => `${index === 0 ? paint(label.padEnd(INDENT)) : ' '.repeat(INDENT)}${line}`)
    .join('\n')
}

/** Lines as they are, under a label; of too many the first, or with a negative `most` the last. */
function block(label: string, text: string, most: number, terminal: Terminal): string[] {
  const all = text
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .map((line) => sanitise(line.trimEnd()))
  const shown = most < 0 ? all.slice(most) : all.slice(0, most)
  const hidden = all.length - shown.length
  const note = hidden > 0 ? [terminal.style.dim(`(${formatQuantity(hidden, 'more line')})`)] : []
  const lines = most < 0 ? [...note, ...shown] : [...shown, ...note]
  return lines.map((line, index) =>
    `${index === 0 ? terminal.style.dim(label.padEnd(INDENT)) : ' '.repeat(INDENT)}${line}`.trimEnd(),
  )
}
