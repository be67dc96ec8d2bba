import { outageDigest } from '../../ops/report/drill-digest.js'
import type { OutageReport } from '../../ops/report/drill-report.js'
import { loadDigest } from '../../ops/report/load-digest.js'
import type { LoadReport } from '../../ops/report/load-report.js'
import type { Outcome } from '../delivery.js'
import { loadText } from './load-test.js'
import { outageText } from './outage.js'

/** A run of drills, whether it has just ended or is shown again. */
export function outageOutcome(report: OutageReport): Outcome<OutageReport> {
  return {
    report,
    text: (terminal, shown) => outageText(shown, shown.plan, terminal),
    digest: outageDigest,
  }
}

/** A load test, as `outageOutcome`. */
export function loadOutcome(report: LoadReport): Outcome<LoadReport> {
  return { report, text: (terminal, shown) => loadText(shown, terminal), digest: loadDigest }
}

/** Of either. */
export function runOutcome(report: OutageReport | LoadReport): Outcome {
  return report.command === 'load-test' ? loadOutcome(report) : outageOutcome(report)
}
