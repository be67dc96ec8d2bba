import type { AuditReport } from '../../ops/report/audit-report.js'
import { formatQuantity } from '../../ops/report/format.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'
import { wrap } from '../wrap.js'
import { adoptionLines } from './audit-adoption.js'
import { placeOf } from './audit-place.js'

const INDENT = 5

/** What comments accept, what is wrong with the code's own comments or syntax, and what was not seen. */
export function noteLines(report: AuditReport, terminal: Terminal): string[] {
  const { accepted, problems, summary } = report
  const { style } = terminal
  const lines = [
    ...accepted.map(
      (each) => `${style.word('skip')} ${placeOf(each)} ${each.rule} accepted: ${sanitise(each.reason)}`,
    ),
    ...adoptionLines(report, terminal),
    ...problems.map((each) => `${style.word('warn')} ${placeOf(each)} ${sanitise(each.message)}`),
  ]
  if (summary.unresolvedImports > 0) {
    const count = formatQuantity(summary.unresolvedImports, 'import')
    lines.push(`${style.word('warn')} ${count} unresolved: what lies behind was not seen`)
  }
  // One comment may accept several findings of its rule.
  const told = [...new Set(lines)]
  return told.length === 0 ? [] : [...told.flatMap((line) => wrap(line, INDENT, terminal.width)), '']
}
