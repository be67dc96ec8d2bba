import type { PhaseName } from '../experiment/measurement.js'
import { checkFit, fits } from '../experiment/fit.js'
import { subjects } from '../experiment/subjects/index.js'
import type { Subject } from '../experiment/subjects/subject.js'
import type { Compound } from '../faults/compound.js'
import { faults } from '../faults/index.js'
import { narrowingIn } from '../faults/narrowing.js'
import type { DrillReport, OutageReport, Phases } from '../report/drill-report.js'
import { canHappenToApp, checkApp } from '../experiment/app/as-subject.js'
import { APP_PHASES, APP_RATE, appPlanReport } from './app-drills.js'
import { assign, type Assignment } from './assign.js'
import { appBudgets, BUDGETS, budgetsFor } from './budgets.js'
import { summaryOf, worstOf } from './conclusion.js'
import type { OutageEvent, OutageOptions } from './options.js'
import { withHistory } from './history.js'
import { judge } from './judge.js'
import { asFlags, narrowingFor } from '../experiment/narrow.js'
import { lengthOf, narrowingsIn } from './scenario.js'
import { openStage } from './stage.js'
import { createLookout } from '../experiment/stop-conditions/lookout.js'
import { checkConditions, stoppedReport } from '../experiment/stop-conditions/stopped-report.js'
import { DRILL_PHASES, usualRate, type Suite } from './suites.js'

export type { OutageEvent, OutageOptions }

/**
 * Runs drills one after the other, each on a server of its own, and judges them.
 *
 * Rejects with UsageError for a name that does not exist and for a module that is no subject, and with EnvironmentError when there is no server to take
 * away; nothing is left running then either.
 */
export async function simulateOutage(options: OutageOptions): Promise<OutageReport> {
  const { app, scenario, seed, familyOf } = options
  const narrowings = scenario && (await narrowingsIn(scenario, { seed, familyOf }))
  const { suite, assignments } = assign(options, narrowings)
  const known = app
    ? { faults: faults.filter((fault) => canHappenToApp(fault, app)), subjects: [] }
    : { faults, subjects }
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
  const narrowing = await narrowingFor(options.narrowing ?? {}, {
    seed,
    familyOf,
    drills: singles.map(({ fault }) => fault),
    known: known.faults.filter((fault) => singles.some(({ subject }) => fits(fault, subject))),
    spell: asFlags,
  })
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
    const cast = { fault, subject, app, seed: options.seed, signal: options.signal }
    const stage = await openStage(cast).catch((error: unknown) => {
      // Interrupted before there was anything to show.
      if (options.signal?.aborted) return null
      throw error
    })
    if (stage === null) break
    try {
      const budgets = (app ? appBudgets : budgetsFor)(subject, fault, options.budgets)
      const measurement = await stage.play({
        fault,
        ratePerSecond: rateOf(subject),
        narrowing: narrowing ?? undefined,
        ...plan,
        graceMs: Math.max(BUDGETS.worstMs, options.budgets?.worst ?? 0),
        recoverMs: budgets.recoverMs,
        lookout: abortIf.length > 0 ? createLookout(abortIf) : undefined,
        signal: options.signal,
        onPhase: (phase: PhaseName | 'warm-up') =>
          options.onEvent?.({ type: 'phase', name: fault.name, phase, takes }),
      })
      stoppedBy = measurement.stoppedBy
      const { server, emulated } = stage.environment()
      environment = { server, emulated: [...new Set([...environment.emulated, ...emulated])] }
      const report = {
        ...withHistory(judge(measurement, fault, budgets), measurement, options.history),
        ...('steps' in fault && { timeline: timelineIn(fault) }),
      }
      drills.push(report)
      options.onEvent?.({ type: 'judged', report })
    } finally {
      await stage.close()
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
    seed,
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
  return steps.map(({ fault, atMs, forMs, narrowing }) => ({
    fault: fault.name,
    atMs,
    forMs,
    ...(narrowing && { narrowing: narrowingIn(narrowing) }),
  }))
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
