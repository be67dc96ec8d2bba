import { conclusionOf } from './audit-conclusion.js'
import { nextAudits } from './audit-next.js'
import { inRepository } from './audit-paths.js'
import type { AuditFinding, AuditReport, ChecklistItem } from './audit-report.js'
import type { Digest, DigestItem, DigestTable } from './digest.js'

/** The checklist as a table, then one item for each finding, by file, and one for each thing that could not be judged. */
export function auditDigest(report: AuditReport): Digest {
  const { findings, problems, checklist, directory } = report
  const { word, sentence, exit } = conclusionOf(report)
  const files = [...new Set(findings.map(({ file }) => file))]
  return {
    title: 'cache audit',
    word,
    conclusion: `${sentence}; ${exit}`,
    facts: factsOf(report),
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

/** What was not counted, and why. */
function factsOf(report: AuditReport): Digest['facts'] {
  const { accepted, known, baseline, changed, off, fixes, summary } = report
  const byName = accepted.filter(({ by }) => by === 'sanctioned').length
  const counts: [string, number][] = [
    ['accepted in the code, with a reason', accepted.length - byName],
    ['accepted by a name in the project file', byName],
    [`known from ${baseline?.file ?? 'the baseline'}`, known.length],
    [`known from ${baseline?.file ?? 'the baseline'} and no longer there`, baseline?.fixed.length ?? 0],
    [`in code that did not change since ${changed?.since ?? ''}`, changed?.unchanged ?? 0],
    [fixes?.written ? 'fixed' : 'fixable by --fix', fixes?.applied.length ?? 0],
    ['imports unresolved, what lies behind was not seen', summary.unresolvedImports],
  ]
  return [
    ...counts.flatMap(([label, count]) => (count > 0 ? [{ label, text: String(count) }] : [])),
    ...(off.length > 0 ? [{ label: 'switched off by the project file', text: off.join(', ') }] : []),
  ]
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
