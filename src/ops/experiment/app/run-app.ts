import type { Compound } from '../../faults/compound.js'
import type { Fault } from '../../faults/fault.js'
import type { Narrowing } from '../../faults/narrowing.js'
import { countCommands } from '../commands.js'
import { disturbanceOf, type Disturbance } from '../disturbance.js'
import { introducedClients } from '../introduced-clients.js'
import { keepLookout, settledOf, type Lookout } from '../lookout.js'
import type { Measurement, Vitals } from '../measurement.js'
import { monotonicMs } from '../monotonic.js'
import type { Plan } from '../plan.js'
import { serverDied, stopWatch, Stopped } from '../stopping.js'
import { appName, type AppSpec } from './app.js'
import { watchBackendUse, type BackendUse } from './backend-use.js'
import { createExchange } from './exchange.js'
import type { RunningApp } from './launch.js'
import { nowIn, type Marks } from './marks.js'
import { noteVitals } from './note-vitals.js'
import { appPlan } from './plan.js'
import { playPhases, type Phasing } from './play-phases.js'
import { MAX_IN_FLIGHT, startProber, type Prober } from './prober.js'
import { readyUrl } from './ready.js'
import { seenFromOutside } from './seen-from-outside.js'
import type { AppSite, AppSource } from './site.js'
import { tooShort } from './steady.js'
import { unseenOf } from './unseen.js'
import { probeSecrets } from './probe-secrets.js'
import { startApp, untilWarm } from './start-app.js'
import { createVersions } from './versions.js'

export interface AppDrillOptions extends Phasing, Pick<Plan, 'ratePerSecond'> {
  fault: Fault | Compound
  app: AppSpec
  /** What of all that it would touch the fault does touch. */
  narrowing?: Narrowing | undefined
  /** Stays open, for whoever made it to close. */
  site: AppSite
  /** What was in flight at the end has this long to settle. */
  graceMs: number
  /** The app's policy may decide for so long after the heal. */
  recoverMs: number
  /** Ends the drill early as well. */
  lookout?: Lookout | undefined
  /** Ends the drill early; what was measured until then comes back. */
  signal?: AbortSignal | undefined
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
  const { fault, app: spec, site } = options
  const url = readyUrl(spec.readyUrl)
  const declared = { probes: spec.probes, setup: [], ...spec.declared }
  const plan = appPlan(declared, options)
  const versions = createVersions()
  const secrets = probeSecrets(declared)
  const exchange = createExchange(new URL(url.origin), MAX_IN_FLIGHT)
  const vitals: Vitals[] = []
  let app: RunningApp | undefined
  let source: AppSource | undefined
  let prober: Prober | undefined
  let disturbance: Disturbance = disturbanceOf(fault, { backend: site.door, narrowing: options.narrowing })
  const commands = countCommands(site.door)
  let backendUse: BackendUse | undefined
  let looking: NodeJS.Timeout | undefined
  const marks: Marks = { originMs: monotonicMs() }
  let stopped: Stopped | undefined
  let settled: ReturnType<typeof settledOf> = () => []
  const lookout = keepLookout(
    options.lookout,
    () => ({ settled: settled(), vitals: vitals.at(-1) ?? null }),
    () => nowIn(marks),
  )

  try {
    const short = tooShort(options)
    if (short !== null) throw new Stopped('unprepared', short)
    const started = await startApp(spec, { site, secrets, signal: options.signal })
    const running = (app = started.app)
    source = started.source
    if (source) {
      disturbance = disturbanceOf(fault, {
        backend: site.door,
        source: source.door,
        narrowing: options.narrowing,
      })
    }
    const watch = stopWatch({
      signal: options.signal,
      hosts: [running],
      servers: source ? [site.server, source] : [site.server],
      met: lookout.met,
    })

    options.onPhase?.('warm-up')
    const values = await untilWarm(spec, { app: running, exchange, watch, declared, plan, secrets })

    running.output.renew()
    marks.originMs = monotonicMs()
    const probing = startProber(marks.originMs, { exchange, declared, versions, values })
    prober = probing
    settled = settledOf(probing.operations)
    looking = noteVitals(vitals, { app: running, prober: probing, marks })
    await playPhases(
      {
        marks,
        plan,
        prober,
        watch,
        disturbance,
        requireUse: () => {
          const why = started.unused()
          if (why !== null) throw new Stopped('unprepared', why)
        },
        onFault: () => running.output.renew(),
        onHeal: () => {
          backendUse = watchBackendUse(site.door, () => nowIn(marks))
        },
      },
      {
        ...options,
        onPhase: (phase) => {
          if (phase !== 'warm-up') commands.begin(phase)
          options.onPhase?.(phase)
        },
      },
    )
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    if (error.reason === 'server') throw serverDied(error.what)
    stopped = error
  } finally {
    commands.end()
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

  const seen = seenFromOutside({ ...options, declared, marks, versions, disturbance, prober, stopped })
  const isWhole = stopped === undefined || stopped.reason === 'died'
  const leftovers = isWhole ? await site.leftBy(plan.keyPrefix) : null
  const told = app?.output.secretsTold() ?? { lines: 0, firstMs: null }
  const leftUnseen = site.leftUnseen?.(plan.keyPrefix)
  return {
    ...seen,
    subject: appName(spec),
    loads: source ? source.loadsSince(marks.originMs) : [],
    signals: (app?.output.signals() ?? []).map((each) => ({ ...each, atMs: each.atMs - marks.originMs })),
    signalsDropped: app?.output.dropped() ?? 0,
    vitals,
    ...commands.perPhase(),
    ...introducedClients(site.door.introductions()),
    ...(site.door.protocol === 'rest' && { overRest: true as const }),
    unseen: {
      ...unseenOf(declared, { hasSource: source !== undefined, takesSource: fault.takesSource === true }),
      ...(leftUnseen && { C11: leftUnseen }),
    },
    backendUsedAgainMs: backendUse?.usedAgainMs() ?? null,
    ...(leftovers && { leftovers }),
    ...(told.firstMs !== null && {
      secretsTold: { lines: told.lines, firstMs: Math.max(0, told.firstMs - marks.originMs) },
    }),
  }
}
