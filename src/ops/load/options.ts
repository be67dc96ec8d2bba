import type { AppSpec } from '../experiment/app/app.js'
import type { PhaseName } from '../experiment/measurement.js'
import type { Chosen, NarrowingContext } from '../experiment/narrow.js'
import type { ModuleReference } from '../experiment/subjects/module/module-reference.js'
import type { ProbeSet } from '../config/probes/probe.js'
import type { ProxyClient } from '../experiment/remote/proxy-client.js'
import type { LoadReport } from '../report/load-report.js'
import type { Traffic } from './generator/traffic.js'

/** What may be worse than in the baseline: up to `factor` times it, or by `floorMs`, whichever is more. */
export interface Allowance {
  factor: number
  floorMs: number
}

/** An app that runs already. */
export interface RunningTarget {
  /** On loopback. */
  url: URL
  declared: ProbeSet
  /** In front of its backend; null: nothing is taken away from it. */
  proxy: ProxyClient | null
}

/** The settings `load` of the project file hold the defaults. */
export interface LoadOptions extends Traffic {
  duringMs: number
  afterMs: number
  /** How long things may change after the fault and after the heal: the windows `onset` and `recovery`. */
  transitionMs: number
  /** What happens to Redis in `during`; `none` leaves all three phases healthy. */
  fault: string
  /** What of all that it would touch it does touch; absent, all. */
  narrowing?: Chosen | undefined
  /** Whose keys a name stands for. Throws UsageError for one that stands for none. */
  familyOf?: NarrowingContext['familyOf']
  subject: string
  /** Somebody's own, in place of a subject of ours. */
  module?: ModuleReference | undefined
  /** Started for the test, in place of a subject. */
  app?: AppSpec | undefined
  running?: RunningTarget | undefined
  /** Judged one by one; see docs/slo.md. */
  slos: readonly string[]
  /** A report to be no worse than. */
  baseline?: { report: LoadReport; allowance: Allowance } | undefined
  /** How often it runs, and in how many of those an SLO must hold. */
  repeat: number
  quorum: number
  /** As `--abort-if` takes them. */
  abortIf: readonly string[]
  /** Operations that start later than this (p99) measure the generator. */
  maxLatenessMs: number
  /** Ends the run early: the fault is lifted, everything is stopped, and the partial report says so. */
  signal?: AbortSignal | undefined
  onEvent?: ((event: LoadEvent) => void) | undefined
}

/** What is going on, for whoever waits. */
export type LoadEvent =
  | { type: 'starting' }
  | { type: 'phase'; phase: PhaseName | 'warm-up'; run: number; of: number }
  /** Something that will not be judged, known before the run. */
  | { type: 'foreseen'; text: string }
