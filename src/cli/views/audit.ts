import { stripVTControlCharacters } from 'node:util'
import type { AuditFinding, AuditReport, Place } from '../../ops/report/audit-report.js'
import { formatQuantity } from '../format.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'

const INDENT = 5

/** Findings by file, each with its place, line of code, sentence and remedy; then what was accepted or not read, and the verdict. */
export function auditText(report: AuditReport, terminal: Terminal): string {
  const blocks = report.findings.flatMap((finding, index) => {
    const isNewFile = finding.file !== report.findings[index - 1]?.file
    const title = isNewFile ? [terminal.style.bold(sanitise(finding.file))] : []
    return [...title, ...findingText(finding, titleOf(report, finding), terminal), '']
  })
  // What could not be judged is why the verdict is none.
  const isBrief = terminal.quiet && report.summary.unjudged === 0
  const notes = isBrief ? [] : notesOn(report, terminal)
  return [...blocks, ...notes, ...verdictOn(report, terminal)].join('\n')
}

function titleOf({ rules }: AuditReport, { rule }: AuditFinding): string {
  return rules.find(({ id }) => id === rule)?.title ?? ''
}

function findingText(finding: AuditFinding, title: string, terminal: Terminal): string[] {
  const { severity, rule, message, remedy, excerpt, related } = finding
  const { style } = terminal
  const word = style.word(severity === 'error' ? 'FAIL' : 'warn')
  return [
    `${word} ${style.bold(rule)} ${title}`,
    `${' '.repeat(INDENT)}${placeOf(finding)}`,
    codeLine(excerpt, terminal),
    ...paragraph(message, terminal),
    ...paragraph(`Instead: ${remedy}`, terminal),
    ...related.map((each) => `${' '.repeat(INDENT)}${style.dim(`${placeOf(each)} ${sanitise(each.what)}`)}`),
  ]
}

function placeOf({ file, line, column }: Place): string {
  return `${sanitise(file)}:${line}:${column}`
}

/** The line of code, cut where the terminal ends. */
function codeLine(excerpt: string, { width, ascii, style }: Terminal): string {
  const code = sanitise(excerpt).trim()
  const room = width - INDENT - 2
  const more = ascii ? '...' : '…'
  const shown = code.length > room ? `${code.slice(0, room - more.length)}${more}` : code
  return `${' '.repeat(INDENT)}${style.dim('|')} ${shown}`
}

function notesOn(report: AuditReport, terminal: Terminal): string[] {
  const { accepted, problems, summary } = report
  const { style } = terminal
  const lines = [
    ...accepted.map(
      (each) => `${style.word('skip')} ${placeOf(each)} ${each.rule} accepted: ${sanitise(each.reason)}`,
    ),
    ...problems.map((each) => `${style.word('warn')} ${placeOf(each)} ${sanitise(each.message)}`),
  ]
  if (summary.unresolvedImports > 0) {
    const count = formatQuantity(summary.unresolvedImports, 'import')
    lines.push(`${style.word('warn')} ${count} of own code led nowhere: what lies behind was not seen`)
  }
  // One comment may accept several findings of its rule.
  return lines.length === 0
    ? []
    : [...[...new Set(lines)].flatMap((line) => wrap(line, INDENT, terminal)), '']
}

function verdictOn(report: AuditReport, terminal: Terminal): string[] {
  const { summary, verdict, interrupted, rules } = report
  const { style } = terminal
  if (summary.files === 0 && !interrupted && summary.unjudged === 0) {
    return [`${style.word('skip')} no source file there: nothing is proved`]
  }
  const found = `${formatQuantity(summary.errors, 'error')}, ${formatQuantity(summary.warnings, 'warning')}`
  const scope = `${formatQuantity(summary.files, 'file')}, ${summary.read} of them about caching; ${rules.map(({ id }) => id).join(' ')}`
  const skipped = summary.skipped === 0 ? '' : `; ${formatQuantity(summary.skipped, 'test')} left out`
  if (!interrupted && verdict === 'inconclusive' && summary.unjudged > 0) {
    const what = `${formatQuantity(summary.unjudged, 'path')} could not be judged`
    return wrap(
      `${style.word('skip')} ${found} in ${scope}${skipped}, but ${what}: nothing is proved`,
      INDENT,
      terminal,
    )
  }
  if (interrupted || verdict === 'inconclusive') {
    return [`${style.word('skip')} stopped: ${found} so far`]
  }
  const word = verdict === 'fail' ? 'FAIL' : 'ok'
  const docs = summary.errors + summary.warnings > 0 ? ['     why and how, rule by rule: docs/rules/'] : []
  return [...wrap(`${style.word(word)} ${found} in ${scope}${skipped}`, INDENT, terminal), ...docs]
}

function paragraph(text: string, terminal: Terminal): string[] {
  const shown = terminal.ascii ? text.replaceAll('…', '...') : text
  return wrap(`${' '.repeat(INDENT)}${sanitise(shown)}`, INDENT, terminal)
}

/** Breaks at spaces; lines after the first are indented. A word longer than a line is left whole, so that it can be copied. */
function wrap(text: string, indent: number, { width }: Terminal): string[] {
  const lead = /^ */.exec(text)![0]
  const lines: string[] = []
  let line = lead
  for (const word of text.slice(lead.length).split(' ')) {
    const isFirst = line.trim() === ''
    if (!isFirst && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line)
      line = `${' '.repeat(indent)}${word}`
    } else line = isFirst ? `${line}${word}` : `${line} ${word}`
  }
  return [...lines, line]
}

/** Without what only colours. */
function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length
}
