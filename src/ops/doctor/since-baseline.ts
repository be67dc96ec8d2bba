import type { Change, ChangeKind, CheckReport, CheckStatus, DoctorReport } from '../report/doctor-report.js'
import type { Verdict } from '../report/report.js'
import type { Baseline } from './baseline.js'
import { saysTheSame } from './says-the-same.js'

/**
 * The report with what changed, and the verdict that follows from it. `fail`: something that `failOn` counts is new, graver,
 * or says something else than then. `inconclusive`: a check broke off, or was judged then and is not now, or nothing was
 * judged. What was as bad in the baseline is accepted; what cannot be seen never is.
 */
export function sinceBaseline(report: DoctorReport, baseline: Baseline): DoctorReport {
  const changes = report.checks.flatMap((check): Change[] => {
    const was = baseline.checks.get(check.id) ?? null
    const kind = kindOf(check, was)
    if (kind === undefined) return []
    return [{ id: check.id, kind, was, counts: NEWS.has(kind) && counts(check, report) }]
  })
  const ran = new Set(report.checks.map(({ id }) => id))
  const leftOut = [...baseline.checks.keys()].filter((id) => !ran.has(id))
  return {
    ...report,
    verdict: verdictOf(report, changes),
    baseline: { file: baseline.file, changes, leftOut },
  }
}

const NEWS = new Set<ChangeKind>(['worse', 'other'])

function kindOf(
  { status, message }: CheckReport,
  was: { status: CheckStatus; message: string } | null,
): ChangeKind | undefined {
  const now = gravity(status)
  const then = was === null ? null : gravity(was.status)
  if (now === null)
    return then !== null || (status === 'broken' && was?.status !== 'broken') ? 'lost' : undefined
  if (was === null || then === null) {
    if (now > 0) return 'worse'
    // A check that the baseline does not know is no improvement.
    return was === null ? undefined : 'better'
  }
  if (now !== then) return now > then ? 'worse' : 'better'
  return now > 0 && !saysTheSame(was.message, message) ? 'other' : undefined
}

/** Null for what was not judged. */
function gravity(status: CheckStatus): number | null {
  const place = (['ok', 'warn', 'FAIL'] as const).findIndex((judged) => judged === status)
  return place === -1 ? null : place
}

function counts({ status }: CheckReport, { failOn }: DoctorReport): boolean {
  return status === 'FAIL' ? failOn !== 'never' : status === 'warn' && failOn === 'warn'
}

function verdictOf({ checks }: DoctorReport, changes: readonly Change[]): Verdict {
  if (changes.some((change) => change.counts)) return 'fail'
  const isOpen =
    changes.some(({ kind }) => kind === 'lost') || checks.some(({ status }) => status === 'broken')
  return isOpen || !checks.some(({ status }) => gravity(status) !== null) ? 'inconclusive' : 'pass'
}
