import type { PhaseName } from '../experiment/measurement.js'
import type { Plan } from '../experiment/plan.js'
import { checkFit } from '../experiment/fit.js'
import { openRig } from '../experiment/rig.js'
import { runExperiment } from '../experiment/run.js'
import { subjects } from '../experiment/subjects/index.js'
import type { ModuleReference } from '../experiment/subjects/module/module-reference.js'
import { moduleSubject } from '../experiment/subjects/module/module-subject.js'
import { referenceTo } from '../experiment/subjects/reference.js'
import { faults } from '../faults/index.js'
import type { Fault } from '../faults/fault.js'
import { UsageError } from '../report/errors.js'
import type { LoadReport } from '../report/load-report.js'
import { nearest } from '../report/nearest.js'
import { checkPlan, foresee, type LoadPlan } from './foresee.js'
import { judge, type Judgement } from './judge.js'
import { measuredRun } from './measured-run.js'
import { none } from './none.js'
import { notJudged } from './slo/judge-slo.js'
import { parseSlo } from './slo/parse.js'
import type { Slo } from './slo/slo.js'

/** The settings `load` of the project file hold the defaults. */
export interface LoadOptions extends LoadPlan {
  /** What happens to Redis in `during`; `none` leaves all three phases healthy. */
  fault: string
  subject: string
  /** Somebody's own, in place of a subject of ours. */
  module?: ModuleReference | undefined
  /** Decides keys, kinds and times of the workload. */
  seed: number
  /** Judged one by one; see docs/slo.md. */
  slos: readonly string[]
  /** Operations that start later than this (p99) measure the generator. */
  maxLatenessMs: number
  /** Ends the run early: the fault is lifted, everything is stopped, and the partial report says so. */
  signal?: AbortSignal | undefined
  onEvent?: ((event: LoadEvent) => void) | undefined
}

/** What is going on, for whoever waits. */
export type LoadEvent =
  | { type: 'starting' }
  | { type: 'phase'; phase: PhaseName | 'warm-up' }
  /** Something that will not be judged, known before the run. */
  | { type: 'foreseen'; text: string }

/** What was in flight at the end has this long, as in a drill. */
const GRACE_MS = 1000

const NOT_STARTED: LoadReport['environment'] = { server: 'none', emulated: [] }

/** What `--fault` takes. */
export const loadFaults: readonly Fault[] = [none, ...faults]

/**
 * Runs a subject under steady load, with a fault in the middle, and says what that cost.
 *
 * Rejects with UsageError, before anything is started, for a name, a plan or an SLO that makes no sense, and with
 * EnvironmentError when there is no server to put under load; nothing is left running then either.
 */
export async function loadTest(options: LoadOptions): Promise<LoadReport> {
  const { signal, onEvent } = options
  const fault = find('fault', options.fault, loadFaults)
  const subject = options.module ? moduleSubject(options.module) : find('subject', options.subject, subjects)
  checkFit(fault, subject, 'fault', { faults: loadFaults, subjects })
  const slos = options.slos.map(parseSlo)
  checkPlan(options, slos)
  for (const text of foresee(options, slos)) onEvent?.({ type: 'foreseen', text })

  onEvent?.({ type: 'starting' })
  const rig = await openRig({ protocol: subject.protocol, needs: fault.needs, signal }).catch(
    (error: unknown) => {
      if (signal?.aborted) return null
      throw error
    },
  )
  if (rig === null) return reportOf(options, NOT_STARTED, nothing(slos, options.maxLatenessMs))
  try {
    const measurement = await runExperiment({
      fault,
      rig,
      subject: referenceTo(subject),
      ...loadPlan(options),
      graceMs: GRACE_MS,
      signal,
      onPhase: (phase) => onEvent?.({ type: 'phase', phase }),
    })
    const judgement = judge(measuredRun(measurement), slos, options)
    const environment = { server: rig.server.version, emulated: [...rig.emulated] }
    return reportOf(options, environment, judgement, measurement.interruptedIn !== null)
  } finally {
    await rig.close()
  }
}

/** Of a drill only the traffic: what clauses look at would share the machine with the load, and is not reported. */
export function loadPlan({ seed, ratePerSecond, beforeMs, duringMs, afterMs }: LoadOptions): Plan {
  return { seed, ratePerSecond, arrivals: 'constant', beforeMs, duringMs, afterMs, beside: 'pulse' }
}

function reportOf(
  options: LoadOptions,
  environment: LoadReport['environment'],
  judgement: Judgement,
  interrupted = environment === NOT_STARTED,
): LoadReport {
  const { verdict, ...rest } = judgement
  const { beforeMs, duringMs, afterMs } = options
  return {
    schema: 'cache.load-test/1',
    command: 'load-test',
    verdict,
    ...(interrupted ? { interrupted: true as const } : {}),
    subject: options.module?.name ?? options.subject,
    fault: options.fault,
    seed: options.seed,
    ratePerSecond: options.ratePerSecond,
    plan: { beforeMs, duringMs, afterMs },
    ...rest,
    environment,
  }
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

function find<T extends { name: string }>(what: 'fault' | 'subject', name: string, known: readonly T[]): T {
  const found = known.find((each) => each.name === name)
  if (found) return found
  const names = known.map((each) => each.name)
  const meant = nearest(name, names)
  throw new UsageError(
    `UNKNOWN_${what.toUpperCase()}`,
    `There is no ${what} ${JSON.stringify(name)}; there are ${names.join(', ')}.`,
    meant === undefined ? [] : [`--${what} ${meant}`],
  )
}
