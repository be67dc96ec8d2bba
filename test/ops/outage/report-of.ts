import type { DrillReport, OutageReport } from '../../../src/ops/report/drill-report.js'
import type { Verdict } from '../../../src/ops/report/report.js'

export const plan = { beforeMs: 1000, duringMs: 3000, afterMs: 6000 }

/** Those drills as one run. */
export function reportOf(verdict: Verdict, ...drills: DrillReport[]): OutageReport {
  const count = (wanted: Verdict) => drills.filter((drill) => drill.verdict === wanted).length
  return {
    schema: 'cache.simulate-outage/1',
    command: 'simulate-outage',
    verdict,
    subject: 'hand-made',
    seed: 1,
    ratePerSecond: 20,
    plan,
    drills,
    summary: {
      passed: count('pass'),
      failed: count('fail'),
      inconclusive: count('inconclusive'),
      clausesNotJudged: drills
        .flatMap(({ clauses }) => clauses)
        .filter(({ result }) => result === 'not judged').length,
    },
    environment: { server: 'redis-server 7.0.15', emulated: [] },
  }
}
