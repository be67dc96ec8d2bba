import type { Compound } from '../../faults/compound.js'
import type { Fault } from '../../faults/fault.js'
import type { Narrowing } from '../../faults/narrowing.js'
import { EnvironmentError } from '../../report/errors.js'
import { disturbanceOf, type Disturbance } from '../disturbance.js'
import { keepLookout, settledOf, type Lookout } from '../lookout.js'
import type { Measurement, PhaseName, Vitals } from '../measurement.js'
import { monotonicMs } from '../monotonic.js'
import type { Plan } from '../plan.js'
import { phaseAt, type Times } from '../recording.js'
import type { Rig } from '../rig.js'
import { stopWatch, Stopped } from '../stopping.js'
import type { DrillSupabase } from '../supabase/open-supabase.js'
import { appName, spokenByApp, type AppSpec } from './app.js'
import { watchBackendUse, type BackendUse } from './backend-use.js'
import { appEnvironment } from './environment.js'
import { createExchange } from './exchange.js'
import { launchApp, type RunningApp } from './launch.js'
import { limitingOf } from './limiting.js'
import { appPlan } from './plan.js'
import { MAX_IN_FLIGHT, startProber, type Prober } from './prober.js'
import { watchProcessTree } from './process-tree.js'
import { checkPortFree, readyUrl, untilReady } from './ready.js'
import { findRedisVariables } from './redis-variables.js'
import { neverCame, starved, tooShort, unsteady } from './steady.js'
import { unseenOf } from './unseen.js'
import { createVersions } from './versions.js'
import { warmUpApp } from './warm-up.js'

const LOOK_EVERY_MS = 100

export interface AppDrillOptions extends Pick<Plan, 'ratePerSecond' | 'beforeMs' | 'duringMs' | 'afterMs'> {
  fault: Fault | Compound
  app: AppSpec
  /** What of all that it would touch the fault does touch. */
  narrowing?: Narrowing | undefined
  /** Stays open, for whoever made it to close. */
  rig: Omit<Rig, 'close' | 'emulated'>
  /** What was in flight at the end has this long to settle. */
  graceMs: number
  /** The app's policy may decide for so long after the heal. */
  recoverMs: number
  /** Ends the drill early as well. */
  lookout?: Lookout | undefined
  /** Ends the drill early; what was measured until then comes back. */
  signal?: AbortSignal | undefined
  onPhase?: ((phase: PhaseName | 'warm-up') => void) | undefined
}

/**
 * Starts an app with the addresses of its services replaced by those of doors, probes it over HTTP, takes a service away from
 * it through its door and gives it back, once: before → during → after.
 *
 * However it ends, the fault is lifted and no process of the app is left when the promise settles. It rejects with UsageError
 * when the command or an address makes no sense, and with EnvironmentError when the port is taken or a server of ours does not
 * last; everything that the app does is data.
 */
export async function runAppDrill(options: AppDrillOptions): Promise<Measurement> {
  const { fault, app: spec, rig } = options
  const url = readyUrl(spec.readyUrl)
  const declared = { probes: spec.probes, setup: [], ...spec.declared }
  const plan = appPlan(declared, options)
  const versions = createVersions()
  const exchange = createExchange(new URL(url.origin), MAX_IN_FLIGHT)
  const vitals: Vitals[] = []
  let app: RunningApp | undefined
  let supabase: DrillSupabase | undefined
  let prober: Prober | undefined
  let disturbance: Disturbance = disturbanceOf(fault, { backend: rig.door, narrowing: options.narrowing })
  let backendUse: BackendUse | undefined
  let looking: NodeJS.Timeout | undefined
  let originMs = monotonicMs()
  let faultAtMs: number | undefined
  let healAtMs: number | undefined
  let stopped: Stopped | undefined
  const over = new AbortController()
  let settled: ReturnType<typeof settledOf> = () => []
  const lookout = keepLookout(
    options.lookout,
    () => ({ settled: settled(), vitals: vitals.at(-1) ?? null }),
    () => monotonicMs() - originMs,
  )

  try {
    const short = tooShort(options)
    if (short !== null) throw new Stopped('unprepared', short)
    await checkPortFree(url)
    if (spokenByApp(spec).source) {
      supabase = await openSource(options)
      disturbance = disturbanceOf(fault, {
        backend: rig.door,
        source: supabase.door,
        narrowing: options.narrowing,
      })
    }
    const where = { ...rig.environments.main, ...(supabase && { supabase: supabase.environments.main }) }
    const { env, rewritten } = appEnvironment(spec, where)
    const running = await launchApp(spec, env, rig.watchdog)
    app = running
    const watch = stopWatch({
      signal: options.signal,
      hosts: [running],
      servers: supabase ? [rig.server, supabase] : [rig.server],
      met: lookout.met,
    })

    options.onPhase?.('warm-up')
    await watch.during(untilReady(spec, url, { exchange, app, signal: over.signal }))
    const values = await watch.during(warmUpApp(declared, plan, exchange))

    options.onPhase?.('before')
    running.output.renew()
    originMs = monotonicMs()
    const probing = startProber(originMs, { exchange, declared, versions, values })
    prober = probing
    settled = settledOf(probing.operations)
    const usage = watchProcessTree(running.pid)
    const printedBefore = running.output.bytes()
    const look = () => {
      const printedBytes = running.output.bytes() - printedBefore
      vitals.push({ atMs: monotonicMs() - originMs, ...usage(), inFlight: probing.inFlight(), printedBytes })
    }
    look()
    looking = setInterval(look, LOOK_EVERY_MS)
    probing.play(plan.traffic())
    probing.play(plan.checks())
    await watch.until(originMs + options.beforeMs)
    const wrong = unsteady(probing.operations, monotonicMs() - originMs)
    if (wrong !== null) throw new Stopped('unprepared', wrong)
    if (rig.door.counts().connectionsAccepted === 0) {
      const found = findRedisVariables(spec.command, process.cwd())
      const backend = rig.door.protocol === 'rest' ? 'Upstash' : 'Redis'
      throw new Stopped('unprepared', neverCame(rewritten, found, backend))
    }

    options.onPhase?.('during')
    running.output.renew()
    faultAtMs = monotonicMs()
    await disturbance.begin()
    probing.play(plan.revocations(faultAtMs - originMs))
    await watch.until(faultAtMs + options.duringMs)

    options.onPhase?.('after')
    await disturbance.end()
    healAtMs = monotonicMs()
    backendUse = watchBackendUse(rig.door, () => monotonicMs() - originMs)
    probing.play(plan.looks(healAtMs - originMs))
    await watch.until(healAtMs + options.afterMs)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    if (error.reason === 'server') throw serverDied(error.what)
    stopped = error
  } finally {
    over.abort()
    lookout.stop()
    try {
      await disturbance.end()
    } finally {
      await prober?.finish(stopped ? 0 : options.graceMs)
      clearInterval(looking)
      backendUse?.stop()
      exchange.close()
      await app?.end()
    }
  }

  const endMs = (healAtMs === undefined || stopped ? monotonicMs() : healAtMs + options.afterMs) - originMs
  const times: Times = {
    faultAtMs: faultAtMs === undefined ? endMs : faultAtMs - originMs,
    healAtMs: healAtMs === undefined ? endMs : healAtMs - originMs,
    endMs,
  }
  const operations = (prober?.operations ?? []).map((each) => ({
    ...each,
    phase: phaseAt(each.dueMs, times),
  }))
  const doubt = prober && !stopped ? starved(operations, prober.loopDelayMs()) : null
  return {
    fault: fault.name,
    subject: appName(spec),
    seed: 0,
    ratePerSecond: options.ratePerSecond,
    ...times,
    operations: operations.sort((left, right) => left.startMs - right.startMs),
    writes: versions.writes,
    loads: supabase ? supabase.loadsSince(originMs) : [],
    signals: (app?.output.signals() ?? []).map((each) => ({ ...each, atMs: each.atMs - originMs })),
    signalsDropped: app?.output.dropped() ?? 0,
    vitals,
    instances: [],
    ...(declared.limit &&
      prober && { limiting: limitingOf(declared.limit, prober.checks, times, options.recoverMs) }),
    unseen: unseenOf(declared, {
      hasSource: supabase !== undefined,
      takesSource: fault.takesSource === true,
    }),
    backendUsedAgainMs: backendUse?.usedAgainMs() ?? null,
    isAlone: true,
    ...(doubt !== null && { doubt }),
    witness: disturbance.witness(),
    ...(fault.losesData && { dataLost: true as const }),
    ...(fault.takesSource && { sourceTaken: true as const }),
    unprepared: stopped?.reason === 'unprepared' ? stopped.what : null,
    died: stopped?.reason === 'died' ? stopped.what : null,
    ...(stopped?.reason === 'condition' && { stoppedBy: stopped.what }),
    incomplete: null,
    interruptedIn: stopped?.reason === 'interrupted' ? phaseNow(faultAtMs, healAtMs) : null,
  }
}

async function openSource({ rig, signal }: AppDrillOptions): Promise<DrillSupabase> {
  try {
    return await rig.openSupabase()
  } catch (error) {
    if (signal?.aborted) throw new Stopped('interrupted', 'the drill was interrupted')
    throw error
  }
}

function phaseNow(faultAtMs: number | undefined, healAtMs: number | undefined): PhaseName {
  if (faultAtMs === undefined) return 'before'
  return healAtMs === undefined ? 'during' : 'after'
}

function serverDied(what: string): EnvironmentError {
  return new EnvironmentError('SERVER_DIED', `a server of the drill's own did not last: ${what}`, [
    'run it again; if it happens again, look at the memory and disk space of this machine',
  ])
}
