import { conclusionOf } from './audit-conclusion.js'
import { nextAudits } from './audit-next.js'
import { inRepository } from './audit-paths.js'
import type { AuditFinding, AuditReport, ChecklistItem } from './audit-report.js'
import type { Digest, DigestItem, DigestTable } from './digest.js'

/** The checklist as a table, then one item for each finding, by file, and one for each thing that could not be judged. */
export function auditDigest(report: AuditReport): Digest {
  const { findings, problems, checklist, summary, accepted, directory } = report
  const { word, sentence, exit } = conclusionOf(report)
  const files = [...new Set(findings.map(({ file }) => file))]
  const lost = summary.unresolvedImports
  return {
    title: 'cache audit',
    word,
    conclusion: `${sentence}; ${exit}`,
    facts: [
      ...(accepted.length > 0
        ? [{ label: 'accepted in the code, with a reason', text: String(accepted.length) }]
        : []),
      ...(lost > 0
        ? [{ label: 'imports unresolved, what lies behind was not seen', text: String(lost) }]
        : []),
    ],
    tables: checklist.length > 0 ? [checklistTable(checklist)] : [],
    groups: [
      ...files.map((file) => ({
        title: inRepository(file, directory),
        items: findings.filter((each) => each.file === file).map((each) => itemOf(each, report)),
      })),
      ...(problems.length > 0
        ? [{ title: 'not judged', items: problems.map((each) => problemItem(each, report)) }]
        : []),
    ],
    next: nextAudits(report).map(({ command }) => command),
  }
}

function checklistTable(checklist: readonly ChecklistItem[]): DigestTable {
  const rows = checklist.map(({ number, item, result, because, evidence }) => {
    const [first] = evidence
    const where = first ? `${first.file}:${first.line}` : ''
    return [`${number}. ${item}`, result === 'fail' ? 'FAIL' : result, because, where]
  })
  return { columns: ['review checklist', 'result', 'because', 'such as'], rows, isText: true }
}

function itemOf(finding: AuditFinding, { rules, failOn, directory }: AuditReport): DigestItem {
  const { rule, severity, message, remedy, file, line, column } = finding
  const counts = failOn !== 'never' && (severity === 'error' || failOn === 'warn')
  return {
    id: rule,
    title: rules.find(({ id }) => id === rule)?.title ?? '',
    level: severity === 'error' ? 'fail' : 'warn',
    word: severity === 'error' ? 'FAIL' : 'warn',
    message,
    remedy,
    commands: [],
    counts,
    known: false,
    file: inRepository(file, directory),
    line,
    column,
  }
}

function problemItem(
  { file, line, column, message }: AuditReport['problems'][number],
  { summary, directory }: AuditReport,
): DigestItem {
  return {
    id: 'AUDIT',
    title: 'the code could not be judged as it is',
    level: summary.unjudged > 0 ? 'broken' : 'warn',
    word: summary.unjudged > 0 ? 'broken' : 'warn',
    message,
    remedy: '',
    commands: [],
    counts: false,
    known: false,
    file: inRepository(file, directory),
    line,
    column,
  }
}
