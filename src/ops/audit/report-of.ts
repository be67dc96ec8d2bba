import type { AuditReport, BaselineReport, Severity } from '../report/audit-report.js'
import type { Changes } from './changed/read-changes.js'
import { checklistOf } from './checklist.js'
import { byPlace, type Collected } from './collected.js'
import type { Places } from './places.js'
import type { Read } from './project/project.js'
import { directoryInRepository } from './repository.js'
import type { Rule } from './rule.js'

export interface ReportInput {
  paths: string[]
  cwd: string
  failOn: Severity | 'never'
  maxWarnings: number | null
  selected: readonly Rule[]
  off: readonly string[]
  read: Read
  isPartial: boolean
  places: Places
  collected: Collected
  changes: Changes | undefined
  /** What the baseline knows, by fingerprint. */
  known: ReadonlySet<string>
  baseline: BaselineReport | null
}

/** The report of one run: everything in order, counted, and the verdict. */
export function reportOf(input: ReportInput): AuditReport {
  const { paths, failOn, maxWarnings, selected, read, isPartial, collected, changes, known } = input
  const isKnown = ({ fingerprint }: { fingerprint: string }) => known.has(fingerprint)
  const open = collected.found.filter(({ finding }) => !isKnown(finding))
  const findings = open.filter(({ isChanged }) => isChanged).map(({ finding }) => finding)
  const all = collected.found.map(({ finding }) => finding)
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.length - errors
  const isTooMany = maxWarnings !== null && warnings > maxWarnings && failOn !== 'never'
  const isFailing = isTooMany || { error: errors, warn: errors + warnings, never: 0 }[failOn] > 0
  const unjudged = read.problems.filter(({ isUnjudged }) => isUnjudged).length
  const isEmpty = read.counts.files === 0
  return {
    schema: 'cache.audit/1',
    command: 'audit',
    verdict:
      isPartial || isEmpty ? 'inconclusive' : isFailing ? 'fail' : unjudged > 0 ? 'inconclusive' : 'pass',
    paths,
    failOn,
    directory: directoryInRepository(input.cwd),
    rules: selected.map(({ id, title, severity, confidence }) => ({
      id,
      title,
      severity,
      confidence,
      findings: findings.filter(({ rule }) => rule === id).length,
    })),
    // The review asks for the code as it is, whoever is to blame.
    checklist: checklistOf({
      applied: selected.map(({ id }) => id),
      findings: [
        ...all.sort(byPlace).map((each) => ({ ...each, isKnown: isKnown(each) })),
        ...collected.told.sort(byPlace),
      ],
      accepted: collected.accepted.sort(byPlace),
      sites: collected.sites.sort(byPlace),
      unseen: unseenIn(read, isPartial),
    }),
    findings: findings.sort(byPlace),
    accepted: collected.accepted,
    known: all.filter(isKnown),
    baseline: input.baseline,
    changed: changes
      ? {
          since: changes.since,
          commit: changes.commit,
          files: changes.files.size,
          unchanged: open.length - findings.length,
        }
      : null,
    off: [...input.off],
    maxWarnings,
    fixes: null,
    problems: [...collected.problems, ...placed(input)].sort(byPlace),
    summary: { ...read.counts, unjudged, errors, warnings },
  }
}

function placed({ read, places }: ReportInput): AuditReport['problems'] {
  return read.problems.map(({ file, source, position, message }) => {
    const place = source ? places.at(source, position) : { file: places.name(file), line: 1, column: 1 }
    return { ...place, message }
  })
}

/** Why what no rule has found may be there all the same. */
function unseenIn({ counts, problems }: Read, isPartial: boolean): string[] {
  const unread = problems.length
  const lost = counts.unresolvedImports
  return [
    ...(isPartial ? ['stopped before the end'] : []),
    ...(unread > 0 ? [`${unread} ${unread === 1 ? 'path' : 'paths'} not read to the end`] : []),
    ...(lost > 0 ? [`${lost} ${lost === 1 ? 'import' : 'imports'} unresolved`] : []),
  ]
}
