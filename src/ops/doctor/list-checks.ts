import type { CheckListReport } from '../report/doctor-report.js'
import { isProbe } from './check.js'
import { selectChecks, type Selection } from './select.js'

/** The checks that would run, in the order in which they are shown. @throws UsageError as `selectChecks` */
export function listChecks(selection: Selection): CheckListReport {
  return {
    schema: 'cache.doctor.list/1',
    command: 'doctor',
    verdict: 'pass',
    checks: selectChecks(selection).map((check) => ({
      id: check.id,
      group: check.group,
      title: check.title,
      writes: isProbe(check),
      threshold: check.threshold,
      unit: check.unit ?? null,
      docs: `docs/checks/${check.id}.md`,
    })),
  }
}
