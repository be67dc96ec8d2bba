import type { AppSpec } from '../experiment/app/app.js'
import { runAppDrill } from '../experiment/app/run-app.js'
import type { PhaseName } from '../experiment/measurement.js'
import { checkFit } from '../experiment/fit.js'
import { openRig } from '../experiment/rig.js'
import { runExperiment } from '../experiment/run.js'
import { subjects } from '../experiment/subjects/index.js'
import type { ModuleReference } from '../experiment/subjects/module/module-reference.js'
import { referenceTo } from '../experiment/subjects/reference.js'
import type { Subject } from '../experiment/subjects/subject.js'
import type { Compound } from '../faults/compound.js'
import type { Scenario } from '../config/scenario-schema.js'
import { faults } from '../faults/index.js'
import type { DrillReport, OutageReport, Phases } from '../report/drill-report.js'
import { APP_PHASES, APP_RATE, appPlanReport, canHappenToApp, checkApp } from './app-drills.js'
import { assign, type Assignment } from './assign.js'
import { appBudgets, BUDGETS, budgetsFor, type DeclaredBudgets } from './budgets.js'
import { summaryOf, worstOf } from './conclusion.js'
import { judge } from './judge.js'
import { lengthOf } from './scenario.js'
import { createLookout } from './stop-conditions/lookout.js'
import type { StopCondition } from './stop-conditions/stop-condition.js'
import { checkConditions, stoppedReport } from './stop-conditions/stopped-report.js'
import { narrowingFor, narrowingIn, type Chosen } from './narrow.js'
import { DRILL_PHASES, usualRate, type Suite } from './suites.js'

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
  /** What of all that they would touch faults do touch. */
  narrowing?: Chosen | undefined
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

/**
 * Runs drills one after the other, each on a server of its own, and judges them.
 *
 * Rejects with UsageError for a name that does not exist and for a module that is no subject, and with EnvironmentError when there is no server to take
 * away; nothing is left running then either.
 */
export async function simulateOutage(options: OutageOptions): Promise<OutageReport> {
  const { suite, assignments } = assign(options)
  const { app } = options
  const known = app ? { faults: faults.filter(canHappenToApp), subjects: [] } : { faults, subjects }
  const singles = assignments.flatMap(({ fault, subject }) =>
    ('steps' in fault ? fault.steps.map((step) => step.fault) : [fault]).map((each) => ({
      fault: each,
      subject,
    })),
  )
  for (const { fault, subject } of singles) checkFit(fault, subject, 'drill', known)
  const planned = app && appPlanReport(app)
  if (app)
    checkApp(
      app,
      singles.map(({ fault }) => fault),
    )
  const abortIf = options.abortIf ?? []
  checkConditions(abortIf, app ? 'app' : 'subject')
  const narrowing = await narrowingFor(
    options.narrowing ?? {},
    options.seed,
    singles.map(({ fault }) => fault),
    faults,
  )
  const plan = { ...planOf(options, suite), ...lengthOfScenario(assignments) }
  const subjectNames = [...new Set(assignments.map(({ subject }) => subject.name))]
  const rateOf = (subject: Subject) => options.ratePerSecond ?? (app ? APP_RATE : usualRate(subject))
  const drills: DrillReport[] = []
  let stoppedBy: string | undefined
  let environment: OutageReport['environment'] = { server: 'none', emulated: [] }

  for (const [index, { fault, subject }] of assignments.entries()) {
    if (options.signal?.aborted || stoppedBy !== undefined) break
    options.onEvent?.({ type: 'drill', name: fault.name, index, of: assignments.length })
    const takes = fault.takesSource ? 'Supabase' : 'Redis'
    const { protocol } = subject
    const rig = await openRig({ protocol, needs: fault.needs, signal: options.signal }).catch(
      (error: unknown) => {
        // Interrupted before there was anything to show.
        if (options.signal?.aborted) return null
        throw error
      },
    )
    if (rig === null) break
    try {
      const budgets = (app ? appBudgets : budgetsFor)(subject, fault, options.budgets)
      const common = {
        fault,
        rig,
        ratePerSecond: rateOf(subject),
        narrowing: narrowing ?? undefined,
        ...plan,
        graceMs: Math.max(BUDGETS.worstMs, options.budgets?.worst ?? 0),
        lookout: abortIf.length > 0 ? createLookout(abortIf) : undefined,
        signal: options.signal,
        onPhase: (phase: PhaseName | 'warm-up') =>
          options.onEvent?.({ type: 'phase', name: fault.name, phase, takes }),
      }
      const measurement = app
        ? await runAppDrill({ ...common, app, recoverMs: budgets.recoverMs })
        : await runExperiment({
            ...common,
            subject: referenceTo(subject),
            seed: options.seed,
            arrivals: 'constant',
            beside: 'drill',
          })
      stoppedBy = measurement.stoppedBy
      environment = {
        server: rig.server.version,
        emulated: [...new Set([...environment.emulated, ...rig.emulated])],
      }
      const report = {
        ...judge(measurement, fault, budgets),
        ...('steps' in fault && { timeline: timelineIn(fault) }),
      }
      drills.push(report)
      options.onEvent?.({ type: 'judged', report })
    } finally {
      await rig.close()
    }
  }

  const interrupted = options.signal?.aborted === true
  return {
    schema: 'cache.simulate-outage/1',
    command: 'simulate-outage',
    verdict: interrupted || stoppedBy !== undefined ? 'inconclusive' : worstOf(drills),
    ...stoppedReport(stoppedBy),
    ...(interrupted ? { interrupted: true as const } : {}),
    subject: subjectNames.join(', '),
    seed: options.seed,
    ratePerSecond: Math.max(...assignments.map(({ subject }) => rateOf(subject))),
    plan,
    ...(narrowing && { narrowing: narrowingIn(narrowing) }),
    drills,
    summary: summaryOf(drills),
    environment,
    ...(planned && { app: planned }),
  }
}

function timelineIn({ steps }: Compound): DrillReport['timeline'] {
  return steps.map(({ fault, atMs, forMs }) => ({ fault: fault.name, atMs, forMs }))
}

/** Its faults say themselves how long they last. */
function lengthOfScenario(assignments: readonly Assignment[]): Partial<Phases> {
  const lengths = assignments.flatMap(({ fault }) => ('steps' in fault ? [lengthOf(fault)] : []))
  return lengths.length > 0 ? { duringMs: Math.max(...lengths) } : {}
}

function planOf(
  { app, drills, scenario, beforeMs, duringMs, afterMs }: OutageOptions,
  { phases }: Suite,
): Phases {
  const usual = app ? APP_PHASES : drills === undefined && scenario === undefined ? phases : DRILL_PHASES
  return {
    beforeMs: beforeMs ?? usual.beforeMs,
    duringMs: duringMs ?? usual.duringMs,
    afterMs: afterMs ?? usual.afterMs,
  }
}
