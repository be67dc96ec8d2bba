import type { AppSpec } from '../experiment/app/app.js'
import type { PhaseName } from '../experiment/measurement.js'
import type { ModuleReference } from '../experiment/subjects/module/module-reference.js'
import type { Scenario } from '../config/scenario-schema.js'
import type { DrillReport } from '../report/drill-report.js'
import type { DeclaredBudgets } from './budgets.js'
import type { Chosen, NarrowingContext } from '../experiment/narrow.js'
import type { StopCondition } from '../experiment/stop-conditions/stop-condition.js'

/** The settings `outage` of the project file hold the defaults of those that have one. */
export interface OutageOptions {
  /** Names of drills, in the order in which they run. @default the suite that fits the subject */
  drills?: readonly string[] | undefined
  /** Name of a suite, in place of drills. */
  suite?: string | undefined
  /** @default that of the suite */
  subject?: string | undefined
  /** In place of both: several faults on a time line. What it says of subject, seed, rate and phases is for its reader to pass on. */
  scenario?: Scenario | undefined
  /** Somebody's own, in place of a subject of ours. */
  module?: ModuleReference | undefined
  /** What of all that they would touch faults do touch; a scenario says so itself. */
  narrowing?: Chosen | undefined
  /** The keys of a family, or of those that begin so, for this and for scenarios; throws UsageError when there are none. */
  familyOf?: NarrowingContext['familyOf']
  /** Is drilled in place of a subject: it is started and asked over HTTP. A fresh one for each drill. */
  app?: AppSpec | undefined
  /** Decides keys, kinds and times of the workload; that of an app is always the same. */
  seed: number
  /** @default 200, 50 for a subject that keeps its records in Supabase, and 20 for an app */
  ratePerSecond?: number | undefined
  /** @default the suite's; 2 s for drills that are named, as are the two below with 6 s */
  beforeMs?: number | undefined
  duringMs?: number | undefined
  /** Longer than C8's budget, or that clause could never fail. */
  afterMs?: number | undefined
  /** What the service promises where it is not what we judge by. */
  budgets?: DeclaredBudgets | undefined
  /** What nobody should have to bear: the first that is met lifts the fault, and ends the run. */
  abortIf?: readonly StopCondition[] | undefined
  /** Keep every single operation in the report, in JSON some 400 bytes each. */
  history?: boolean | undefined
  /** Ends the run early: the fault is lifted, everything is stopped, and the partial report says so. */
  signal?: AbortSignal | undefined
  onEvent?: ((event: OutageEvent) => void) | undefined
}

/** What is going on, for whoever waits. */
export type OutageEvent =
  | { type: 'drill'; name: string; index: number; of: number }
  /** `takes`: what fails in it. */
  | { type: 'phase'; name: string; phase: PhaseName | 'warm-up'; takes: 'Redis' | 'Supabase' }
  | { type: 'judged'; report: DrillReport }
