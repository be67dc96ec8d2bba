import type { Witness } from './drill-report.js'
import type { Report } from './report.js'

export type LoadPhaseName = 'before' | 'during' | 'after'

/** What the callers saw in one phase. A percentile is null when it lies among the unanswered, or nothing was sent. */
export interface LoadPhase {
  name: LoadPhaseName
  durationMs: number
  /** What the open model wanted to start, and what it did start. */
  scheduled: number
  sent: number
  ok: number
  errors: number
  /** Never answered, neither in the run nor in the time of grace after it. */
  pending: number
  /** From when an operation was due. One that ended in an error counts, one that never ended counts as endless. */
  p50Ms: number | null
  p90Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  p999Ms: number | null
  maxMs: number | null
  /** The percentiles for which there were too few operations, such as `p999`; shown, never judged. */
  uncertain: string[]
  /** Hits among the reads that were answered, 0..1. */
  hitRatio: number | null
  /** Reads of the source of truth per second. */
  sourcePerSecond: number
}

/** About one second; the last one of a phase also holds what is left of it. */
export interface LoadSecond {
  phase: LoadPhaseName
  /** Since the first instant of `before`. */
  atMs: number
  durationMs: number
  sent: number
  errors: number
  pending: number
  p99Ms: number | null
  hitRatio: number | null
  sourcePerSecond: number
}

export interface SloResult {
  /** As it was understood, with every metric spelled out. */
  slo: string
  /** `not judged` is no pass: the verdict is then inconclusive at best. */
  result: 'pass' | 'fail' | 'not judged'
  /** The numbers that decided, or why nothing was. */
  evidence: string
  /** Times in milliseconds; null when endless or not judged. */
  actual: number | null
  limit: number | null
  /** For `within`: from how long after the phase's start it held to its end; null when it did not, or was not asked. */
  heldFromMs: number | null
}

export interface LoadReport extends Report {
  command: 'load-test'
  subject: string
  /** `none` when all three phases were healthy. */
  fault: string
  seed: number
  ratePerSecond: number
  plan: { beforeMs: number; duringMs: number; afterMs: number }
  /** Null when nothing was measured, and without a fault. */
  witness: Witness | null
  /** How late operations were started (99th percentile) where that was not the subject's doing; null without any. */
  generator: { latenessP99Ms: number | null; limitMs: number }
  phases: LoadPhase[]
  timeline: LoadSecond[]
  slos: SloResult[]
  /** What it cost, in one sentence for people; null when nothing can be concluded. */
  inWords: string | null
  /** Why nothing can be concluded, or what ended the run. */
  reason?: string
  environment: { server: string; emulated: string[] }
}

export interface Named {
  name: string
  summary: string
}

export interface LoadListReport extends Report {
  faults: Named[]
  subjects: Named[]
  /** What an SLO can speak of, in each phase. */
  metrics: Named[]
}
