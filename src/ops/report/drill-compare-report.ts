import type { ClauseId, ClauseResult, PhaseSummary, Phases } from './drill-report.js'
import type { ComparedValue } from './load-compare-report.js'
import type { Report, Verdict } from './report.js'

/** One of the two runs, as its report tells. */
export interface ComparedDrills {
  /** Id of the record, or name of the file. */
  name: string
  /** When it began, in ISO 8601; null where the file does not say. */
  at: string | null
  subject: string
  seed: number
  ratePerSecond: number
  plan: Phases
  server: string
  /** Of the run itself. */
  verdict: Verdict
}

/**
 * `worse`: what held does not any more. `unknown`: it was judged in A, and could not be in B, or the other way round for a whole
 * drill. `differs`: A did not judge it, so that B is neither better nor worse.
 */
export type DrillChange = 'worse' | 'better' | 'differs' | 'unknown' | 'same'

export interface ClauseChange {
  id: ClauseId
  title: string
  a: ClauseResult['result']
  b: ClauseResult['result']
  change: DrillChange
  /** One sentence with the numbers that decided, of each. */
  aEvidence: string
  bEvidence: string
}

/** A number of both; shown, and never judged: one run cannot tell a difference from chance. */
export interface ComparedNumber {
  where: PhaseSummary['name'] | 'drill'
  /** Such as `p99` or `recover`. */
  metric: string
  unit: 'time' | 'count' | 'share' | 'perSecond' | 'factor'
  a: ComparedValue
  b: ComparedValue
  /** B without A; null when one of them is no number. */
  difference: number | null
}

export interface ComparedDrill {
  /** With its subject in front where a run has several. */
  name: string
  a: Verdict
  b: Verdict
  change: DrillChange
  /** Why it is inconclusive. */
  aReason?: string
  bReason?: string
  /** All eleven that both have. */
  clauses: ClauseChange[]
  numbers: ComparedNumber[]
}

export interface DrillCompareReport extends Report {
  command: 'report compare'
  a: ComparedDrills
  b: ComparedDrills
  /** In what the two runs are not alike. */
  differences: string[]
  /** Those that both have, what is worse first. */
  drills: ComparedDrill[]
  onlyInA: string[]
  onlyInB: string[]
  /** What there is to conclude, in one sentence. */
  inWords: string
}
