import { outageDigest } from '../../ops/report/drill-digest.js'
import type { OutageReport } from '../../ops/report/drill-report.js'
import { loadDigest } from '../../ops/report/load-digest.js'
import type { PageOrigin } from '../../ops/report/html/page.js'
import type { LoadReport } from '../../ops/report/load-report.js'
import type { Outcome } from '../delivery.js'
import { pageOfRun } from '../page-of-run.js'
import { loadText } from './load-test.js'
import { outageText } from './outage.js'

/** A run of drills, whether it has just ended or is shown again. */
export function outageOutcome(report: OutageReport, origin: PageOrigin = {}): Outcome<OutageReport> {
  return {
    report,
    text: (terminal, shown) => outageText(shown, shown.plan, terminal),
    digest: outageDigest,
    page: pageOfRun(origin),
  }
}

/** A load test, as `outageOutcome`. */
export function loadOutcome(report: LoadReport, origin: PageOrigin = {}): Outcome<LoadReport> {
  return {
    report,
    text: (terminal, shown) => loadText(shown, terminal),
    digest: loadDigest,
    page: pageOfRun(origin),
  }
}

/** Of either. */
export function runOutcome(report: OutageReport | LoadReport, origin: PageOrigin = {}): Outcome {
  return report.command === 'load-test' ? loadOutcome(report, origin) : outageOutcome(report, origin)
}
