import type { AuditFinding, AuditReport } from '../../ops/report/audit-report.js'
import { sanitise } from '../sanitise.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { wrap } from '../wrap.js'
import { codeLine, frameLines } from './audit-frame.js'
import { placeOf } from './audit-place.js'

const INDENT = 5
// Beyond this nobody reads every word again for a rule that was explained above.
const MANY = 30
const EXPLAINED = 3
// Fewer can be counted by eye.
const COUNTED = 10

/**
 * Findings by file, each with its place, code, sentence and remedy. Of many, the first of each rule in full and the others
 * as a place and a line of code, and how many there are of each rule.
 */
export function findingsLines(report: AuditReport, terminal: Terminal): string[] {
  const { findings } = report
  const isMany = findings.length > MANY
  const seen = new Map<string, number>()
  const lines = findings.flatMap((finding, index) => {
    const { file, rule } = finding
    const before = seen.get(rule) ?? 0
    seen.set(rule, before + 1)
    const isNewFile = file !== findings[index - 1]?.file
    const title = isNewFile ? [terminal.style.bold(sanitise(file))] : []
    const text =
      isMany && before >= EXPLAINED ? briefly(finding, terminal) : inFull(finding, report, terminal)
    return [...title, ...text, '']
  })
  return findings.length > COUNTED ? [...lines, ...countLines(report, terminal), ''] : lines
}

function inFull(finding: AuditFinding, { rules }: AuditReport, terminal: Terminal): string[] {
  const { message, remedy, related } = finding
  const { style, width } = terminal
  const title = rules.find(({ id }) => id === finding.rule)?.title ?? ''
  const code = terminal.quiet ? [codeLine(finding.excerpt, terminal)] : frameLines(finding, terminal)
  return [
    ...wrap(`${headOf(finding, terminal)} ${title}${marksOf(finding)}`, INDENT, width),
    `${' '.repeat(INDENT)}${placeOf(finding)}`,
    ...code,
    ...paragraph(message, terminal),
    ...paragraph(`Instead: ${remedy}`, terminal),
    ...related.map((each) => `${' '.repeat(INDENT)}${style.dim(`${placeOf(each)} ${sanitise(each.what)}`)}`),
  ]
}

function briefly(finding: AuditFinding, terminal: Terminal): string[] {
  return [
    `${headOf(finding, terminal)} ${placeOf(finding)}${marksOf(finding)}`,
    codeLine(finding.excerpt, terminal),
  ]
}

function headOf({ severity, rule }: AuditFinding, { style }: Terminal): string {
  return `${style.word(severity === 'error' ? 'FAIL' : 'warn')} ${style.bold(rule)}`
}

function marksOf({ confidence, fix }: AuditFinding): string {
  const marks = [
    ...(confidence === 'high' ? [] : [`${confidence} confidence`]),
    ...(fix === null ? [] : ['fixable']),
  ]
  return marks.length === 0 ? '' : ` [${marks.join(', ')}]`
}

function paragraph(text: string, terminal: Terminal): string[] {
  return wrap(`${' '.repeat(INDENT)}${sanitise(text)}`, INDENT, terminal.width)
}

function countLines({ rules, findings }: AuditReport, terminal: Terminal): string[] {
  const rows = rules
    .filter((rule) => rule.findings > 0)
    .map(({ id, title }) => {
      const own = findings.filter(({ rule }) => rule === id)
      const errors = own.filter(({ severity }) => severity === 'error').length
      return [id, String(errors), String(own.length - errors), title]
    })
  const columns = [
    { title: 'rule' },
    { title: 'errors', align: 'right' as const },
    { title: 'warnings', align: 'right' as const },
    { title: 'what', wraps: true },
  ]
  return renderTable(columns, rows, terminal).split('\n')
}
