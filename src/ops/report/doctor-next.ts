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

const OF_DOCTOR = new Set(['LAT-003', 'ENV-002'])

/** Of what is new, where a baseline says what is. */
function worstOf({ checks, baseline }: DoctorReport): CheckReport | undefined {
  const isNew = (id: string) =>
    !baseline || baseline.changes.some((change) => change.id === id && change.kind !== 'better')
  // What is about doctor's own machine leads nowhere while there is something else.
  const ranked = [
    ...checks.filter(({ id }) => !OF_DOCTOR.has(id)),
    ...checks.filter(({ id }) => OF_DOCTOR.has(id)),
  ]
  const worst = (status: string) => ranked.find((check) => check.status === status && isNew(check.id))
  return worst('FAIL') ?? worst('warn')
}
