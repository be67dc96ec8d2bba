import type { Witness } from './drill-report.js'
import type { Report, Verdict } from './report.js'

export type LoadPhaseName = 'before' | 'during' | 'after'

/** Part of `during` and of `after`: in which things change, and in which they have changed. */
export type LoadTransitionName = 'onset' | 'settled' | 'recovery' | 'recovered'

/** What the callers saw of one part of the traffic in a phase, as in `LoadPhase`. */
export interface LoadPart {
  /** An endpoint of an app; of a subject a family of keys, or a limiter. */
  kind: 'endpoint' | 'family' | 'limiter'
  name: string
  sent: number
  ok: number
  errors: number
  denied: number
  pending: number
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  uncertain: string[]
  histogram: string
}

/** What the callers saw in one phase. A percentile is null when it lies among the unanswered, or nothing was sent. */
export interface LoadPhase<Name extends string = LoadPhaseName> {
  name: Name
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
  /** Due and never begun: the generator had no time for them. */
  unstarted: number
  /** Turned away by a limiter, or with 429; neither `ok` nor `errors`. */
  denied: number
  /** Of the errors, those that an app answered with 5xx. */
  serverErrors: number
  /** Reads that were answered, those of them that the cache answered, and those that the source did although the cache had been given the value. */
  reads: number
  hits: number
  fallbacks: number
  /** Fallbacks among the reads that were answered, 0..1. */
  fallbackRatio: number | null
  /** Reads of the source of truth; null when nobody could count them. */
  loads: number | null
  /** Questions to a limiter, those of them that its policy decided, and those it let through above its limit. */
  checks: number
  uncounted: number
  overAdmitted: number
  /** Of the process of the subject, or of all of an app's; null when nobody saw them. */
  rssMaxBytes: number | null
  cpuMs: number | null
  printedBytes: number | null
  /** Every answered operation, in microseconds: HdrHistogram V2, compressed, base64. */
  histogram: string
  /** By endpoint, family and limiter. Absent: nobody told them apart. */
  parts?: LoadPart[]
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
  denied: number
  fallbackRatio: number | null
  /** What the ratios are of, so that seconds of several generators can be added up. Loads: null when nobody could count them. */
  reads?: number
  hits?: number
  fallbacks?: number
  loads?: number | null
  /** The most that the process of the subject, or all of an app's, held in it; null where nobody looked. */
  rssBytes?: number | null
  /** As that of a phase. Absent where nobody will add it up. */
  histogram?: string
}

/** What it took from the fault, or from the heal, until something happened; null: it never did, or nobody could see it. */
export interface LoadMoments {
  /** From the fault to the first operation that was slow; `slowMs` says what is slow. */
  firstSlowMs: number | null
  slowMs: number | null
  /** From the fault to the first answer that the source gave in place of the cache. */
  fallbackMs: number | null
  /** From the fault to the first sign that an operator could have seen, and which. */
  detectedMs: number | null
  sign: string | null
  /** From the heal until a second began in which nothing was wrong any more, and none after it for long. */
  recoveredMs: number | null
  /** Reads of the source in the worst second of `after`, over those in a second of `before`. */
  herdFactor: number | null
  /** What callers waited in `during` and `after` beyond what they would have in `before`, all together, in seconds. */
  waitedSeconds: number | null
}

/** One of several runs. */
export interface LoadRepeat {
  verdict: Verdict
  phases: LoadPhase[]
  slos: SloResult[]
  reason?: string
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
  /** Absent: it was asked for. `baseline`: it is what the run before it could do. */
  from?: 'baseline'
  /** Of several runs, in how many it held, was missed, or could not be judged. */
  runs?: { pass: number; fail: number; notJudged: number }
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
  generator: { latenessP99Ms: number | null; limitMs: number; unstarted?: number }
  phases: LoadPhase[]
  /** `onset`, `settled`, `recovery`, `recovered`; absent without a fault. */
  transitions?: LoadPhase<LoadTransitionName>[]
  timeline: LoadSecond[]
  moments?: LoadMoments
  slos: SloResult[]
  /** What it cost, in one sentence for people; null when nothing can be concluded. */
  inWords: string | null
  /** Why nothing can be concluded, or what ended the run. */
  reason?: string
  environment: { server: string; emulated: string[] }
  /** How arrivals were spread. Absent: `constant`. */
  arrivals?: string
  /** Of what the traffic was: families or endpoints, the limiter's share. */
  traffic?: { parts: { name: string; weight: number; keys?: number }[]; limiterShare: number }
  /** Present when it ran several times: `phases` are those of all sound runs together, and the rest is of the first. */
  repeat?: { times: number; quorum: number; runs: LoadRepeat[] }
  /** Present when a stop condition ended it. */
  stoppedBy?: string
  /** Present in what `load-test merge` makes: how many reports are in it. */
  merged?: number
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
