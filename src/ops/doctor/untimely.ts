import type { CheckReport } from '../report/doctor-report.js'

/** The check that says how late this process is. */
const OWN_DELAY = 'LAT-003'
const JUDGED = new Set(['ok', 'warn', 'FAIL'])

/** Takes back what was judged by a clock that was late itself: it is unknown then, and least of all ok. */
export function withoutUntimely(checks: readonly CheckReport[], timed: ReadonlySet<string>): CheckReport[] {
  const own = checks.find(({ id }) => id === OWN_DELAY)
  if (own?.status !== 'FAIL') return [...checks]
  return checks.map((check) =>
    timed.has(check.id) && JUDGED.has(check.status)
      ? {
          ...check,
          status: 'unknown',
          message: `${check.message}; not judged, because this process is held up (${OWN_DELAY})`,
        }
      : check,
  )
}
