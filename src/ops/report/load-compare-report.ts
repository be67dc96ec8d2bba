import type { LoadPhaseName, LoadTransitionName } from './load-report.js'
import type { Report, Verdict } from './report.js'

/** One of the two runs, as its report tells. */
export interface ComparedRun {
  file: string
  subject: string
  fault: string
  seed: number
  ratePerSecond: number
  arrivals: string
  plan: { beforeMs: number; duringMs: number; afterMs: number }
  /** Of the run itself. */
  verdict: Verdict
  /** How many reports are in it. Absent: it is of one generator. */
  merged?: number
}

/** What a number counts. Times are in milliseconds, but `callerSeconds`. */
export type ComparedUnit = 'time' | 'share' | 'perSecond' | 'bytes' | 'factor' | 'callerSeconds' | 'count'

/** `never`: endless, as it lies among what was never answered, or did not happen. Null: nothing is known of it. */
export type ComparedValue = number | 'never' | null

/**
 * `same`: no difference that is beyond both chance and the allowance. `differs`: one that is neither good nor bad by itself.
 * `unknown` carries its reason.
 */
export type RowVerdict = 'worse' | 'better' | 'differs' | 'unknown' | 'same'

export interface CompareRow {
  where: LoadPhaseName | LoadTransitionName | 'moments'
  /** Such as `p95` or `recovered`. */
  metric: string
  unit: ComparedUnit
  a: ComparedValue
  b: ComparedValue
  /** Within which it lies with 95 % confidence, as far as chance within the run goes; absent where one run cannot tell. */
  aInterval?: [ComparedValue, ComparedValue]
  bInterval?: [ComparedValue, ComparedValue]
  /** B without A; null when one of them is no number. */
  difference: number | null
  verdict: RowVerdict
  reason?: string
}

export interface LoadCompareReport extends Report {
  command: 'load-test compare'
  a: ComparedRun
  b: ComparedRun
  /** B is worse where it is beyond `factor` times A, and beyond A by `floorMs` where it is a time. */
  allowance: { factor: number; floorMs: number }
  /** Present when `floorMs` is what operations were begun late by, and not what was asked for. */
  raisedBy?: 'lateness'
  confidence: number
  /** In what the two runs are not alike, which `--anyway` let pass. */
  differences: string[]
  /** The most important first; empty when a run was not sound. */
  rows: CompareRow[]
  /** Null when nothing can be concluded. */
  inWords: string | null
  /** Why nothing can be concluded. */
  reason?: string
}
