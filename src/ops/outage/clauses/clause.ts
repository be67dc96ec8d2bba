import type { Measurement } from '../../experiment/measurement.js'
import type { ClauseId, ClauseResult } from '../../report/drill-report.js'

/** What a clause is judged against. One place, so that README, docs and judge cannot disagree. */
export interface Budgets {
  /** C3: 99 % of the operations of every phase settle within this. */
  p99Ms: number
  /** C3: no operation takes longer. */
  worstMs: number
  /** C1, C3: a caller may wait so much longer for a source of truth that may still answer. */
  sourceWaitMs: number
  /** C6: no more operations are in flight than are due in this long, and 100. */
  inFlightMs: number
  /** C6: the process's memory grows by no more than this over its most before the fault. */
  rssGrowthBytes: number
  /** C6: and its connections by no more than this. */
  socketGrowth: number
  /** C6: and as many again as there may be operations in flight: over HTTP each has one of its own. */
  socketPerOperation: boolean
  /** C6: what is printed during the fault, divided by the operations due in it. */
  printedBytesPerOperation: number
  /** C6: commands, or requests, to the backend in any phase, divided by the operations and checks in it; and 1000 a second, before the fault 100. */
  commandsPerOperation: number
  /** C7: reads of the source, divided by the reads that callers asked for. */
  loadsPerRead: number
  /** C7: reads of the source in the worst second, divided by the reads that callers asked for in their busiest one. */
  peakLoadsPerRead: number
  /** C8: the first hit comes within this after the heal. */
  recoverMs: number
  /** C8: hit ratio of the last half of `after` since the first hit, as a share of the one in `before`. */
  hitRatioShare: number
  /** C9: after this long after the heal, no other process may answer stale. */
  staleMs: number
  /** C10: the outage shows within this. */
  detectMs: number
}

/**
 * One promise of the contract, judged on a measurement and nothing else.
 *
 * A pure function: same measurement, same result. When the measurement does not hold what the clause needs, the
 * result is `not judged` with the reason.
 */
export interface Clause {
  id: ClauseId
  title: string
  judge(measurement: Measurement, budgets: Budgets): ClauseResult
}
