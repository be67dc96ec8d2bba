import type { AuditReport } from '../../ops/report/audit-report.js'
import { sanitiseRendered } from '../sanitise.js'
import { inAscii } from '../in-ascii.js'
import type { Terminal } from '../terminal.js'
import { checklistLines } from './audit-checklist.js'
import { findingsLines } from './audit-findings.js'
import { endLines } from './audit-end.js'
import { noteLines } from './audit-notes.js'

/**
 * The review checklist, the findings by file, what was accepted or not read, the verdict, what to do next. Quiet: the
 * findings without the code around them, what could not be judged, and the verdict.
 */
export function auditText(report: AuditReport, terminal: Terminal): string {
  // What could not be judged is why the verdict is none.
  const isBrief = terminal.quiet && report.summary.unjudged === 0
  const offered = report.fixes && !report.fixes.written ? report.fixes.diff : ''
  const lines = [
    ...(offered === '' ? [] : [sanitiseRendered(offered, false)]),
    ...(terminal.quiet ? [] : checklistLines(report, terminal)),
    ...findingsLines(report, terminal),
    ...(isBrief ? [] : noteLines(report, terminal)),
    ...endLines(report, terminal),
  ]
  return inAscii(lines.join('\n'), terminal)
}
