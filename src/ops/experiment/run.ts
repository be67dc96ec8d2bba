import type { Compound } from '../faults/compound.js'
import { isMetByAll, type Fault } from '../faults/fault.js'
import type { Narrowing } from '../faults/narrowing.js'
import { countCommands } from './commands.js'
import { disturbanceOf, metAt, type Disturbance } from './disturbance.js'
import { watchEventLoop } from './event-loop.js'
import { fits } from './fit.js'
import { startHost, type HostProcess } from './host-process.js'
import { endHosts, prepare, warm } from './hosts.js'
import { introducedClients } from './introduced-clients.js'
import { keysOf } from './keys.js'
import { keepLookout, type Lookout } from './lookout.js'
import type { Measurement, PhaseName } from './measurement.js'
import { monotonicMs } from './monotonic.js'
import { paceOf, type Pace } from './pace.js'
import { WARM_GROUPS, type Plan } from './plan.js'
import { createRecording } from './recording.js'
import type { Rig, Site } from './rig.js'
import { createSourceOfTruth } from './source-of-truth.js'
import { serverDied, stopWatch, Stopped } from './stopping.js'
import { isConfigured } from './subjects/is-configured.js'
import { requireCame } from './subjects/module/never-came.js'
import { redisAtUsualPlace } from './usual-place.js'
import { subjectOf, type SubjectReference } from './subjects/reference.js'
import { numbered } from './supabase/numbered.js'
import type { DrillSupabase } from './supabase/open-supabase.js'

export interface ExperimentOptions extends Plan {
  fault: Fault | Compound
  /** Of ours by its name, which must exist. */
  subject: SubjectReference
  /** Stays open, for whoever made it to close. */
  rig: Site
  /** What of all that it would touch the fault does touch. */
  narrowing?: Narrowing | undefined
  /** What was in flight at the end has this long to settle. */
  graceMs: number
  /** Ends the experiment early as well. */
  lookout?: Lookout | undefined
  /** Ends the experiment early; what was measured until then comes back. */
  signal?: AbortSignal | undefined
  onPhase?: ((phase: PhaseName | 'warm-up') => void) | undefined
}

/**
 * Takes Redis, or the subject's source of truth, away from a running subject and gives it back, once: before → during →
 * after.
 *
 * However it ends, the fault is lifted and the hosts are gone when the promise settles. It rejects only with
 * EnvironmentError, when the servers or the hosts cannot do their part, and with UsageError for a module that is no subject;
 * everything that the subject does is data.
 */
export async function runExperiment(options: ExperimentOptions): Promise<Measurement> {
  const { fault, rig, graceMs, narrowing } = options
  const subject = subjectOf(options.subject)
  if (!fits(fault, subject)) throw new Error(`no ${fault.name} for ${subject.name}`)
  const pace = paceOf(subject)
  const source = createSourceOfTruth(options.seed)
  const recording = createRecording(source)
  const hosts: HostProcess[] = []
  const engineLag = watchEventLoop()
  const commands = countCommands(rig.door)
  let supabase: DrillSupabase | undefined
  let disturbance: Disturbance = disturbanceOf(fault, { backend: rig.door, narrowing })
  const acceptedBefore = rig.door.counts().connectionsAccepted
  let originMs = monotonicMs()
  let faultAtMs: number | undefined
  let healAtMs: number | undefined
  let stopped: Stopped | undefined
  let unfinished: string[] = []
  const lookout = keepLookout(
    options.lookout,
    () => recording.sight(),
    () => monotonicMs() - originMs,
  )

  try {
    const stranger = fault.needs === 'unset' && subject.module ? await redisAtUsualPlace() : null
    if (stranger !== null) throw new Stopped('unprepared', `${stranger}: end it, or drill elsewhere`)
    if (subject.source === 'supabase') {
      supabase = await openSource(options)
      disturbance = disturbanceOf(fault, { backend: rig.door, source: supabase.door, narrowing })
    }
    for (const name of ['main', 'second'] as const) {
      const host = startHost(name, rig.variables?.[name])
      hosts.push(host)
      rig.watchdog.watch(host.pid)
      recording.follow(host)
      watchOffspring(host, rig)
    }
    const [main, second] = hosts as [HostProcess, HostProcess]
    const watch = stopWatch({
      signal: options.signal,
      hosts,
      servers: supabase ? [rig.server, supabase] : [rig.server],
      met: lookout.met,
    })
    const tellBoth = (message: Parameters<HostProcess['send']>[0]) =>
      hosts.forEach((host) => host.send(message))
    const prepared = (host: HostProcess) => {
      const where = supabase && { supabase: supabase.environments[host.name] }
      return prepare(host, options.subject, { ...rig.environments[host.name], ...where })
    }

    options.onPhase?.('warm-up')
    await watch.during(prepared(main))
    await watch.during(prepared(second))
    await watch.during(warm(main, WARM_GROUPS.main.flatMap(keysOf), pace))
    await watch.during(warm(second, WARM_GROUPS.second.flatMap(keysOf), pace))

    options.onPhase?.('before')
    engineLag.start()
    commands.begin('before')
    originMs = monotonicMs()
    source.recordFrom(originMs)
    tellBoth({
      type: 'begin',
      originMs,
      plan: { ...planOf(options, pace), races: subject.source === undefined },
    })
    await watch.until(originMs + options.beforeMs)
    if (subject.module && isConfigured(rig.environments.main))
      requireCame(subject.module, rig.door.counts().connectionsAccepted - acceptedBefore)

    options.onPhase?.('during')
    faultAtMs = monotonicMs()
    commands.begin('during')
    await disturbance.begin()
    tellBoth({ type: 'fault', atMs: faultAtMs })
    await watch.until(faultAtMs + options.duringMs)

    options.onPhase?.('after')
    commands.begin('after')
    await disturbance.end()
    healAtMs = monotonicMs()
    tellBoth({ type: 'heal', atMs: healAtMs })
    await watch.until(healAtMs + options.afterMs)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    if (error.reason === 'server') throw serverDied(error.what)
    stopped = error
  } finally {
    engineLag.stop()
    commands.end()
    lookout.stop()
    try {
      await disturbance.end()
    } finally {
      unfinished = await endHosts(hosts, rig, stopped ? 0 : graceMs)
    }
  }

  const endMs = (healAtMs === undefined || stopped ? monotonicMs() : healAtMs + options.afterMs) - originMs
  const times = {
    faultAtMs: faultAtMs === undefined ? endMs : faultAtMs - originMs,
    healAtMs: healAtMs === undefined ? endMs : healAtMs - originMs,
    endMs,
  }
  const recorded = recording.result(times)
  const isWhole = stopped === undefined || stopped.reason === 'died'
  const leftovers = isWhole ? await rig.findLeftovers(subject.longestTtlMs ?? null) : null
  return {
    fault: fault.name,
    subject: subject.name,
    seed: options.seed,
    ratePerSecond: options.ratePerSecond,
    ...times,
    ...introducedClients(rig.door.introductions()),
    ...recorded,
    ...commands.perPhase(),
    ...(supabase && {
      ...numbered(recorded.operations, {
        created: supabase.created,
        latest: stopped ? new Map() : await supabase.latest(),
        originMs: Date.now() - (monotonicMs() - originMs),
      }),
      loads: supabase.loadsSince(originMs),
      writesRead: true as const,
    }),
    engineLagMs: engineLag.p99Ms(),
    ...(fault.away && !narrowing && { away: fault.away }),
    ...(leftovers && { leftovers }),
    witness: disturbance.witness(),
    ...metAt(disturbance, originMs),
    ...(fault.losesData && { dataLost: true as const }),
    ...(isMetByAll(fault) && { metByAll: true as const }),
    ...(fault.takesSource && { sourceTaken: true as const }),
    ...('takesBoth' in fault && { backendTaken: true as const }),
    ...(rig.door.protocol === 'rest' && { overRest: true as const }),
    unprepared: stopped?.reason === 'unprepared' ? stopped.what : null,
    died: stopped?.reason === 'died' ? stopped.what : null,
    ...(stopped?.reason === 'condition' && { stoppedBy: stopped.what }),
    incomplete:
      stopped === undefined && unfinished.length > 0
        ? `the ${unfinished.join(' and the ')} process was too busy to hand in what it had recorded`
        : null,
    interruptedIn: stopped?.reason === 'interrupted' ? phaseNow(faultAtMs, healAtMs) : null,
  }
}

/** What a host starts must not outlive us either. */
function watchOffspring(host: HostProcess, { watchdog }: Pick<Rig, 'watchdog'>): void {
  host.onMessage((message) => {
    if (message.type === 'forked') watchdog.watch(message.pid)
    if (message.type === 'reaped') watchdog.forget(message.pid)
  })
}

async function openSource({ rig, signal }: ExperimentOptions): Promise<DrillSupabase> {
  try {
    return await rig.openSupabase()
  } catch (error) {
    if (signal?.aborted) throw new Stopped('interrupted', 'the drill was interrupted')
    throw error
  }
}

function planOf(options: ExperimentOptions, { lookEveryMs, burstMs }: Pace): Plan {
  const { seed, ratePerSecond, arrivals, beforeMs, duringMs, afterMs } = options
  return { seed, ratePerSecond, arrivals, beforeMs, duringMs, afterMs, lookEveryMs, burstMs }
}

function phaseNow(faultAtMs: number | undefined, healAtMs: number | undefined): PhaseName {
  if (faultAtMs === undefined) return 'before'
  return healAtMs === undefined ? 'during' : 'after'
}
