import type { DrillReport, OutageReport } from '../report/drill-report.js'
import type { Verdict } from '../report/report.js'

/** A broken promise counts however many drills could not be judged. */
export function worstOf(drills: readonly DrillReport[]): Verdict {
  if (drills.some(({ verdict }) => verdict === 'fail')) return 'fail'
  return drills.length > 0 && drills.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'inconclusive'
}

export function summaryOf(drills: readonly DrillReport[]): OutageReport['summary'] {
  const count = (wanted: Verdict) => drills.filter(({ verdict }) => verdict === wanted).length
  return {
    passed: count('pass'),
    failed: count('fail'),
    inconclusive: count('inconclusive'),
    clausesNotJudged: drills.flatMap(({ clauses }) => clauses).filter(({ result }) => result === 'not judged')
      .length,
  }
}
