import type { AuditFinding } from '../../ops/report/audit-report.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'

const INDENT = 5
// Of the line with the finding as much is kept before it as tells what it is in.
const BEFORE = 16

type Framed = Pick<AuditFinding, 'line' | 'column' | 'endLine' | 'endColumn' | 'frame' | 'excerpt'>

/** The lines around a finding, numbered, with a mark under the code that it is about; cut where the terminal ends. */
export function frameLines(finding: Framed, terminal: Terminal): string[] {
  const { line, column, endLine, endColumn, frame } = finding
  const { width, ascii, style } = terminal
  const own = frame.lines[line - frame.from]
  if (own === undefined || column > own.length) return [codeLine(finding.excerpt, terminal)]
  const digits = String(frame.from + frame.lines.length - 1).length
  const room = width - INDENT - digits - 5
  const shown = frame.lines.map(untabbed)
  const margin = Math.min(...shown.filter((each) => each.trim() !== '').map(indentOf))
  const at = untabbed(own.slice(0, column - 1)).length - margin
  const until = endLine === line ? untabbed(own.slice(0, endColumn - 1)).length - margin : at + 1
  // A place far to the right is what the reader came for.
  const from = at < room - 4 ? 0 : at - BEFORE
  const more = ascii ? '...' : '…'
  const filled = shown.map((each) => each.trim() !== '')
  return shown.flatMap((each, index) => {
    // Blank lines at the edges show nothing.
    if (index < filled.indexOf(true) || index > filled.lastIndexOf(true)) return []
    const number = frame.from + index
    const isOwn = number === line
    const code = sanitise(each.slice(margin)).slice(isOwn ? from : 0)
    const text = code.length > room ? `${code.slice(0, room - more.length)}${more}` : code
    const gutter = `${isOwn ? '>' : ' '} ${String(number).padStart(digits)} |`
    const row = `${' '.repeat(INDENT)}${style.dim(gutter)} ${isOwn ? text : style.dim(text)}`.trimEnd()
    if (!isOwn) return [row]
    const length = Math.max(1, Math.min(until - from, room) - (at - from))
    const blank = `${' '.repeat(INDENT + digits + 2)} ${style.dim('|')} ${' '.repeat(at - from)}`
    return [row, `${blank}${style.caution('^'.repeat(length))}`]
  })
}

/** The line of code alone, cut where the terminal ends. */
export function codeLine(excerpt: string, { width, ascii, style }: Terminal): string {
  const code = sanitise(excerpt).trim()
  const room = width - INDENT - 2
  const more = ascii ? '...' : '…'
  const shown = code.length > room ? `${code.slice(0, room - more.length)}${more}` : code
  return `${' '.repeat(INDENT)}${style.dim('|')} ${shown}`
}

/** Columns must stay what they are when a control character goes. */
function untabbed(text: string): string {
  return text.replaceAll('\t', '  ')
}

function indentOf(line: string): number {
  return /^ */.exec(line)![0].length
}
