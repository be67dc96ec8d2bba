import type { CheckReport, DoctorReport } from './doctor-report.js'

/** The commands that lead on from here, the most useful one first. */
export function nextCommands(report: DoctorReport): string[] {
  const { impact, probedWrites, summary } = report
  const worst = worstOf(report)
  // Who is in an outage needs none to rehearse.
  const isGone = impact.redis === 'away' || impact.redis === 'half'
  return [
    ...(worst ? [`cache explain ${worst.id}`] : []),
    ...(isGone ? ['cache runbook run redis-unavailable'] : []),
    ...(impact.redis === 'up' && !probedWrites && summary.unknown > 0 ? ['cache doctor --probe-writes'] : []),
    ...(isGone ? [] : ['cache simulate-outage']),
  ]
}

/** Of what is new, where a baseline says what is. */
function worstOf({ checks, baseline }: DoctorReport): CheckReport | undefined {
  const isNew = (id: string) =>
    !baseline || baseline.changes.some((change) => change.id === id && change.kind !== 'better')
  const worst = (status: string) => checks.find((check) => check.status === status && isNew(check.id))
  return worst('FAIL') ?? worst('warn')
}
