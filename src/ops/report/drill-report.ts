import type { DrillHistory } from './drill-history.js'
import type { DrillSeries } from './drill-series.js'
import type { TargetReport } from './keys-report.js'
import type { Report, Verdict } from './report.js'

/** How the reason of a drill begins of which the subject was not well before anything was wrong. */
export const UNSTEADY = 'the steady state does not hold'

/** The contract's clauses (DESIGN §2). */
export type ClauseId = 'C1' | 'C2' | 'C3' | 'C4' | 'C5' | 'C6' | 'C7' | 'C8' | 'C9' | 'C10' | 'C11'

/** Proof, counted by the door and not by the subject, that the fault reached the subject. */
export interface Witness {
  witnessed: boolean
  /** One sentence with the numbers, such as `1 connection cut; 12 of 12 connects refused`. */
  evidence: string
  counts: Record<string, number>
}

export interface ClauseResult {
  id: ClauseId
  /** The promise in a few words, such as `bounded time`. */
  title: string
  /** `not judged` carries its reason in `evidence` and never counts as a pass. */
  result: 'pass' | 'fail' | 'not judged'
  /** One sentence with the numbers that decided. */
  evidence: string
  /** The same numbers for machines. Milliseconds carry `Ms` in their name; null means never. */
  numbers: Record<string, number | null>
  /** For a failed clause: what happened, its cause, what to change, and the command that shows it. */
  finding?: { happened: string; cause: string; change: string; show?: string }
}

/** What one phase looked like, for the reader; the clauses are judged on the single operations. */
export interface PhaseSummary {
  name: 'before' | 'during' | 'after'
  durationMs: number
  operations: number
  errors: number
  /** Operations that had not settled when the drill ended. */
  pending: number
  p50Ms: number | null
  p99Ms: number | null
  worstMs: number | null
  /** Hits among the reads that were answered, 0..1. */
  hitRatio: number | null
  /** Reads of the source of truth per second. */
  sourcePerSecond: number
}

/** The worst-case time to fallback of a client, from its options alone. */
export interface ComputedFallback {
  /** Null: a call never comes back. */
  worstMs: number | null
  /** Whose options these are, such as `ioredis@6 with its defaults`. */
  client: string
  /** The option that decides, in a few words. */
  because: string
}

export interface DrillReport {
  /** The drill's name, that of its fault. */
  name: string
  subject: string
  verdict: Verdict
  witness: Witness
  clauses: ClauseResult[]
  phases: PhaseSummary[]
  /** From the fault's first instant to the first answer of a read that began under it; null = not before the heal. */
  timeToFallbackMs: number | null
  /** Longest that a call waits by the client's options, as they are known; absent where they are not. */
  computedFallback?: ComputedFallback
  /** From the fault's first instant to the first signal (status, log, metric); null = never. */
  timeToDetectMs: number | null
  /** From the heal to the first cache hit of an operation begun after it; null = never. */
  timeToRecoverMs: number | null
  /** Source reads per second during the fault over those before it; null when there were none before. */
  sourceLoadFactor: number | null
  /** Why the verdict is inconclusive, when it is. */
  reason?: string
  /** How it went over time. Absent: nothing was measured. */
  series?: DrillSeries
  /** Every single operation. Absent: nobody asked for it. */
  history?: DrillHistory
  /** Of a scenario: what failed when, from the beginning of the fault on. */
  timeline?: { fault: string; atMs: number; forMs: number; narrowing?: NarrowingReport }[]
}

/** What a fault touched of all that it would have; a part that is absent chose nothing. */
export interface NarrowingReport {
  /** Commands, such as `GET` or `XGROUP CREATE`. */
  only?: string[]
  /** Name of a family, or what keys begin with. */
  family?: string
  /** Share of those that are left. */
  probability?: number
}

/** How long the phases of each drill last. */
export interface Phases {
  beforeMs: number
  duringMs: number
  afterMs: number
}

/** How an app was drilled. */
export interface AppPlanReport {
  /** Its first words, without what may be secret. */
  command: string
  /** What it answered when it was ready. */
  ready: string
  /** What it was asked, such as `GET /api/session`. */
  probes: string[]
  /** Names of the variables that pointed to a door. */
  variables: string[]
  /** Present when it was not started for the drills, but ran already, behind `cache proxy`. */
  isRunning?: true
  /** Present when it was drilled on the servers that its environment names. */
  ownServers?: {
    servers: OwnServerReport[]
    /** Keys that `cache` itself has written there: it writes none. */
    written: string[]
  }
}

export interface OwnServerReport {
  service: 'redis' | 'upstash' | 'supabase'
  /** Names of those that point to it. */
  variables: string[]
  /** The environment's name, else `host:port`; what confirms it. */
  name: string
  host: string
  port: number
  production: boolean
  /** Whether a door stood in front of it; the app reached the others as ever. */
  hasDoor: boolean
}

/** A server that is not ours, and that others used meanwhile. */
export interface SharedServerReport {
  target: TargetReport
  /** How many clients besides ours had to wait; null where the server does not say. */
  otherClients: number | null
  /** `removed` and `left` are null when the server did not answer any more; what is left goes when its time to live is over. */
  keys: { prefix: string; removed: number | null; left: number | null }
}

export interface OutageReport extends Report {
  command: 'simulate-outage'
  subject: string
  seed: number
  ratePerSecond: number
  plan: Phases
  /** What of all that they would touch faults did touch; absent: all of it. */
  narrowing?: NarrowingReport
  drills: DrillReport[]
  /** Present when a stop condition ended the run: which, and what was seen. What follows is partial. */
  stoppedBy?: string
  summary: { passed: number; failed: number; inconclusive: number; clausesNotJudged: number }
  /** The server that was taken away, and what stood in for what is not real. */
  environment: { server: string; emulated: string[] }
  /** Present when the subject was an app. */
  app?: AppPlanReport
  /** Present when the server was not ours. */
  sharedServer?: SharedServerReport
}
