import { simulateOutage, type OutageOptions } from '../../../src/ops/outage/simulate-outage.js'
import type { DrillReport } from '../../../src/ops/report/drill-report.js'

/** What a drill says of itself on a machine that other tests keep busy. */
export const TOO_BUSY = /could not hold the rate|too busy to hand in|steady state does not hold/

const ATTEMPTS = 3

/** One drill; once more when the machine, and not the subject, was in the way. */
export async function oneDrill(options: OutageOptions & { drills: [string] }): Promise<DrillReport> {
  for (let attempt = 1; ; attempt++) {
    const report = (await simulateOutage(options)).drills[0] as DrillReport
    if (attempt === ATTEMPTS || !TOO_BUSY.test(report.reason ?? '')) return report
  }
}
