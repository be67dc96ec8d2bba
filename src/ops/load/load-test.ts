import { createLookout } from '../experiment/stop-conditions/lookout.js'
import { parseStopCondition } from '../experiment/stop-conditions/parse.js'
import type { StopCondition } from '../experiment/stop-conditions/stop-condition.js'
import { checkConditions, stoppedReport } from '../experiment/stop-conditions/stopped-report.js'
import type { Narrowing } from '../faults/narrowing.js'
import type { LoadReport } from '../report/load-report.js'
import { checkBaseline } from './baseline.js'
import { conclude } from './conclude.js'
import { checkPlan, foresee } from './foresee.js'
import { judge, type Judgement } from './judge.js'
import type { LoadRun } from './load-run.js'
import { narrowed } from './narrowed.js'
import { planTarget, type Planned } from './open-target.js'
import type { LoadOptions } from './options.js'
import { runLoad } from './run-load.js'
import { notJudged } from './slo/judge-slo.js'
import { parseSlo } from './slo/parse.js'
import type { Slo } from './slo/slo.js'
import { trafficOf, trafficReport } from './traffic-report.js'

const NOT_STARTED: LoadReport['environment'] = { server: 'none', emulated: [] }

/**
 * Runs a target under load, with a fault in the middle, and says what that cost; as often as asked for, each time with servers
 * and processes of its own.
 *
 * Rejects with UsageError, before anything is started, for a name, a plan or an SLO that makes no sense, and with
 * EnvironmentError when there is no server to put under load; nothing is left running then either.
 */
export async function loadTest(options: LoadOptions): Promise<LoadReport> {
  const { signal, onEvent, repeat } = options
  const planned = planTarget(options)
  const narrowing = await narrowed(planned.fault, options)
  const slos = options.slos.map(parseSlo)
  const conditions = options.abortIf.map(parseStopCondition)
  checkConditions(conditions, planned.what)
  const plan = { ...options, isApp: planned.what !== 'subject' }
  checkPlan(plan, slos)
  if (options.baseline) checkBaseline(shapeOf(options), options.baseline.report)
  for (const text of foresee(plan, slos)) onEvent?.({ type: 'foreseen', text })

  const judgements: Judgement[] = []
  let last: LoadRun | undefined
  while (judgements.length < repeat) {
    onEvent?.({ type: 'starting' })
    const run = await runOnce({ ...planned, narrowing }, conditions, options, judgements.length + 1)
    // Interrupted before there was anything to show.
    if (run === null) break
    last = run
    judgements.push(judge(run, slos, options))
    if (isEarly(run)) break
  }
  const isCutShort = judgements.length < repeat || isEarly(last)
  return reportOf(options, planned, {
    judgement:
      judgements.length === 0
        ? nothing(slos, options.maxLatenessMs)
        : conclude(judgements, { quorum: options.quorum, isCutShort }),
    last,
    interrupted: isCutShort && signal?.aborted === true,
  })
}

function isEarly(run: LoadRun | undefined): boolean {
  return run !== undefined && (run.stoppedBy !== null || run.interruptedIn !== null)
}

async function runOnce(
  { fault, open, narrowing }: Planned & { narrowing: Narrowing | undefined },
  conditions: readonly StopCondition[],
  options: LoadOptions,
  run: number,
): Promise<LoadRun | null> {
  const { signal, onEvent, duringMs, afterMs, transitionMs, repeat } = options
  if (signal?.aborted) return null
  const target = await open(narrowing).catch((error: unknown) => {
    if (signal?.aborted) return null
    throw error
  })
  if (target === null) return null
  try {
    return await runLoad(target, {
      fault: fault.name,
      traffic: trafficOf(options),
      duringMs,
      afterMs,
      transitionMs,
      lookout: conditions.length > 0 ? createLookout(conditions) : undefined,
      signal,
      onPhase: (phase) => onEvent?.({ type: 'phase', phase, run, of: repeat }),
    })
  } finally {
    await target.close()
  }
}

function reportOf(
  options: LoadOptions,
  { name }: Planned,
  ended: { judgement: Judgement; last: LoadRun | undefined; interrupted: boolean },
): LoadReport {
  const { verdict, ...rest } = ended.judgement
  const { seed } = options
  return {
    schema: 'cache.load-test/1',
    command: 'load-test',
    verdict,
    ...stoppedReport(ended.last?.stoppedBy ?? undefined),
    ...(ended.interrupted && { interrupted: true as const }),
    subject: name,
    seed,
    ...shapeOf(options),
    ...rest,
    environment: ended.last?.environment ?? NOT_STARTED,
    traffic: trafficReport(options, rest.phases),
  }
}

/** What two tests must have in common to be compared. */
function shapeOf(options: LoadOptions): Pick<LoadReport, 'fault' | 'ratePerSecond' | 'arrivals' | 'plan'> {
  const { fault, ratePerSecond, arrivals, beforeMs, duringMs, afterMs } = options
  return { fault, ratePerSecond, arrivals, plan: { beforeMs, duringMs, afterMs } }
}

/** Interrupted before there was anything to measure. */
function nothing(slos: readonly Slo[], limitMs: number): Judgement {
  const reason = 'the run was interrupted before it began'
  return {
    verdict: 'inconclusive',
    witness: null,
    generator: { latenessP99Ms: null, limitMs },
    phases: [],
    timeline: [],
    slos: slos.map((slo) => notJudged(slo, reason)),
    inWords: null,
    reason,
  }
}
