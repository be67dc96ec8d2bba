import type { CheckReport, CheckStatus, DoctorReport } from '../../ops/report/doctor-report.js'
import { formatDuration } from '../format.js'
import { sanitise } from '../sanitise.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { inAscii } from './keys-parts.js'
import { entry } from './labelled-lines.js'

/**
 * What it is about and what users feel, the judged checks by group, what was not judged, the verdict, what to do next.
 * Quiet: what is not ok, and the verdict.
 */
export function doctorText(report: DoctorReport, terminal: Terminal): string {
  const judged = report.checks.filter(({ status }) => (terminal.quiet ? LOUD : JUDGED).has(status))
  const groups = [...new Set(judged.map(({ group }) => group))]
  const body = groups.flatMap((group) => [
    terminal.style.bold(group),
    ...judged.filter((check) => check.group === group).flatMap((check) => checkLines(check, terminal)),
    '',
  ])
  const lines = [
    ...headOf(report, terminal),
    ...body,
    ...(terminal.quiet ? [] : notJudged(report, terminal)),
    verdictOf(report, terminal),
    ...(terminal.quiet ? [] : nextOf(report, terminal)),
  ]
  return inAscii(lines.join('\n'), terminal)
}

const LOUD = new Set<CheckStatus>(['FAIL', 'warn', 'broken'])
const JUDGED = new Set<CheckStatus>(['ok', ...LOUD])

/** One line per reason, not per check: with Redis away it is one reason for most. */
function notJudged({ checks }: DoctorReport, terminal: Terminal): string[] {
  const reasons = new Map<string, CheckReport[]>()
  for (const check of checks.filter(({ status }) => !JUDGED.has(status))) {
    const reason = `${check.status} ${check.message}`
    reasons.set(reason, [...(reasons.get(reason) ?? []), check])
  }
  if (reasons.size === 0) return []
  const lines = [...reasons.values()].flatMap((alike) => {
    const [first] = alike as [CheckReport]
    if (alike.length === 1) return checkLines(first, terminal)
    const text = `${alike.map(({ id }) => id).join(' ')}: ${first.message}`
    return wordLines(first.status, text, terminal)
  })
  return [terminal.style.bold('not judged, which is no ok'), ...lines, '']
}

function headOf({ target, impact, probedWrites }: DoctorReport, terminal: Terminal): string[] {
  const paint = impact.redis === 'away' || impact.redis === 'half' ? terminal.style.bad : terminal.style.dim
  const now = [impact.headline, ...impact.effects].map((text, index) =>
    entry(index === 0 ? 'now' : '', sanitise(text), terminal, paint),
  )
  if (terminal.quiet) return impact.redis === 'up' ? [] : [...now, '']
  return [
    entry(
      'redis',
      target.redis === null ? 'not configured' : `${target.redis}, from ${target.decidedBy}`,
      terminal,
    ),
    entry('supabase', target.supabase ?? 'not configured', terminal),
    ...now,
    entry(
      'probes',
      probedWrites
        ? 'reads, and writes to scratch keys'
        : 'reads only; --probe-writes also tries SET, EVAL and the limiter',
      terminal,
    ),
    '',
  ]
}

// `unknown` is the longest word.
const WORD = 7
const INDENT = 2 + WORD + 2

function checkLines(check: CheckReport, terminal: Terminal): string[] {
  const { id, title, status, message, remediation } = check
  const lines = wordLines(status, `${id}  ${title}: ${message}`, terminal)
  if (status === 'ok') return lines
  const fix = remediation.text === '' ? [] : hanging(`fix: ${remediation.text}`, terminal)
  const commands =
    status === 'unknown' ? [] : remediation.commands.map((command) => `  $ ${sanitise(command)}`)
  return [...lines, ...[...fix, ...commands].map((line) => terminal.style.dim(indented(line)))]
}

function wordLines(status: CheckStatus, text: string, terminal: Terminal): string[] {
  const { style } = terminal
  const paint = {
    ok: style.good,
    warn: style.caution,
    FAIL: style.bad,
    skip: style.dim,
    unknown: style.caution,
    broken: style.bad,
  }[status]
  const [first = '', ...rest] = hanging(text, terminal)
  return [`  ${paint(status.padEnd(WORD))}  ${first}`, ...rest.map(indented)]
}

function indented(line: string): string {
  return ' '.repeat(INDENT) + line
}

function hanging(text: string, { width }: Terminal): string[] {
  const lines = ['']
  for (const word of sanitise(text).split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
    if (longer.length > width - INDENT && lines.at(-1) !== '') lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

function verdictOf(
  { verdict, summary, interrupted, durationMs, checks }: DoctorReport,
  terminal: Terminal,
): string {
  const { style } = terminal
  const counts = Object.entries(summary)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ')
  const all = `${counts} in ${formatDuration(durationMs)}`
  if (interrupted) return entry('stopped', `${all}; interrupted, so this is partial`, terminal, style.caution)
  const failed = checks.filter(({ status }) => status === 'FAIL')
  if (verdict === 'fail') {
    const what =
      failed.length === 0 ? 'there are warnings, and --fail-on warn was given' : SENTENCES[worstGroup(failed)]
    return entry('FAIL', `${all}: ${what}`, terminal, style.bad)
  }
  if (verdict === 'inconclusive') {
    const why =
      summary.broken > 0 ? 'not every check came to an end, so this proves nothing' : 'nothing was judged'
    return entry('broken', `${all}: ${why}`, terminal, style.bad)
  }
  const open = summary.unknown > 0 ? '; unknown is not ok' : ''
  const word = failed.length > 0 || summary.warn > 0 ? 'warn' : 'ok'
  const good =
    failed.length > 0
      ? 'failures, and --fail-on never was given'
      : word === 'warn'
        ? 'works, with warnings'
        : 'nothing found'
  return entry(word, `${all}: ${good}${open}`, terminal, word === 'ok' ? style.good : style.caution)
}

const SENTENCES = {
  supabase: 'without Supabase nothing works',
  redis: 'Redis does not do its job now',
  other: 'not ready to lose Redis',
}

function worstGroup(failed: readonly CheckReport[]): keyof typeof SENTENCES {
  if (failed.some(({ id }) => id === 'SUP-001' || id === 'ENV-001')) return 'supabase'
  return failed.some(({ group }) => group === 'connectivity') ? 'redis' : 'other'
}

function nextOf({ checks, impact, probedWrites, summary }: DoctorReport, terminal: Terminal): string[] {
  const worst =
    checks.find(({ status }) => status === 'FAIL') ?? checks.find(({ status }) => status === 'warn')
  const commands = [
    ...(worst ? [`cache explain ${worst.id}`] : []),
    ...(impact.redis === 'away' ? ['cache runbook run redis-unavailable'] : []),
    ...(impact.redis === 'up' && !probedWrites && summary.unknown > 0 ? ['cache doctor --probe-writes'] : []),
    ...(impact.redis === 'away' ? [] : ['cache simulate-outage']),
  ]
  return commands.map((command, index) => entry(index === 0 ? 'next' : '', command, terminal))
}

export interface ListedCheck {
  id: string
  group: string
  title: string
  writes: boolean
}

export function doctorListText(checks: readonly ListedCheck[], terminal: Terminal): string {
  const rows = checks.map(({ id, group, title, writes }) => [
    id,
    group,
    title + (writes ? ' (--probe-writes)' : ''),
  ])
  return renderTable([{ title: 'id' }, { title: 'group' }, { title: 'check', wraps: true }], rows, terminal)
}
