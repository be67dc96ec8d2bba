import type { CheckReport, CheckStatus, DoctorReport } from '../../ops/report/doctor-report.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'
import { wrapped } from './labelled-lines.js'

/** What a quiet run still shows. */
const LOUD = new Set<CheckStatus>(['FAIL', 'warn', 'broken'])
const JUDGED = new Set<CheckStatus>(['ok', 'warn', 'FAIL'])

export function judged({ checks }: DoctorReport, { quiet }: Terminal): CheckReport[] {
  return checks.filter(({ status }) => JUDGED.has(status) && (!quiet || LOUD.has(status)))
}

export function notJudged({ checks }: DoctorReport, terminal: Terminal): string[] {
  const open = checks.filter(({ status }) => !JUDGED.has(status) && (!terminal.quiet || LOUD.has(status)))
  if (open.length === 0) return []
  return [terminal.style.bold('not judged, which is no ok'), ...linesByReason(open, terminal), '']
}

/** One line per reason, not per check: with Redis away it is one reason for most. */
export function linesByReason(checks: readonly CheckReport[], terminal: Terminal): string[] {
  const reasons = new Map<string, CheckReport[]>()
  for (const check of checks) {
    const reason = `${check.status} ${check.message}`
    reasons.set(reason, [...(reasons.get(reason) ?? []), check])
  }
  return [...reasons.values()].flatMap((alike) => {
    const [first] = alike.map(withoutRights) as [CheckReport]
    if (alike.length === 1) return checkLines(first, terminal)
    const text = `${alike.map(({ id }) => id).join(' ')}: ${first.message}`
    const fixes = new Set(alike.map(withoutRights).flatMap(({ remediation }) => remediation.text || []))
    return [...wordLines(first.status, text, terminal), ...dimmed([...fixes].map(fixOf), terminal)]
  })
}

/** The rights that are missing are told once for all, at the end. */
function withoutRights(check: CheckReport): CheckReport {
  return check.missing === null ? check : { ...check, remediation: { text: '', commands: [] } }
}

// `unknown` is the longest word.
const WORD = 7
const INDENT = 2 + WORD + 2

/** @param note something more to say about it, on lines of its own */
export function checkLines(check: CheckReport, terminal: Terminal, note?: string): string[] {
  const { id, title, status, message, remediation } = check
  const lines = [
    ...wordLines(status, `${id}  ${title}: ${message}`, terminal),
    ...dimmed(note === undefined ? [] : [note], terminal),
  ]
  if (status === 'ok') return lines
  const fix = remediation.text === '' ? [] : [fixOf(remediation.text)]
  const commands =
    status === 'unknown' ? [] : remediation.commands.map((command) => `  $ ${sanitise(command)}`)
  return [...lines, ...dimmed(fix, terminal), ...commands.map((line) => terminal.style.dim(indented(line)))]
}

function fixOf(text: string): string {
  return `fix: ${text}`
}

function dimmed(texts: readonly string[], terminal: Terminal): string[] {
  return texts.flatMap((text) => hanging(text, terminal)).map((line) => terminal.style.dim(indented(line)))
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
  return wrapped(sanitise(text), width - INDENT)
}
