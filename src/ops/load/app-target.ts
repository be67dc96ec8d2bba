import type { ProbeSet } from '../config/probes/probe.js'
import { appName, spokenByApp, type AppSpec } from '../experiment/app/app.js'
import { checkApp, subjectOfApp } from '../experiment/app/as-subject.js'
import { createExchange } from '../experiment/app/exchange.js'
import { probeSecrets, type ProbeSecrets } from '../experiment/app/probe-secrets.js'
import { readyUrl } from '../experiment/app/ready.js'
import { embeddedSite, type AppSite } from '../experiment/app/site.js'
import { startApp, untilWarm, type StartedApp } from '../experiment/app/start-app.js'
import { disturbanceOf } from '../experiment/disturbance.js'
import { checkFit } from '../experiment/fit.js'
import { openRig } from '../experiment/rig.js'
import { stopWatch, Stopped } from '../experiment/stopping.js'
import { subjects } from '../experiment/subjects/index.js'
import type { Fault } from '../faults/fault.js'
import type { Narrowing } from '../faults/narrowing.js'
import { loadFaults } from './faults.js'
import { firstKey, httpSurface, limitersOf, newKeyPrefix } from './http-surface.js'
import { endpointOf } from './part-names.js'
import type { LoadTarget } from './target.js'
import { watchApp } from './watch-app.js'

export interface AppTargetOptions {
  app: AppSpec
  /** One that fits it. */
  fault: Fault
  /** What of all that it would touch the fault does touch. */
  narrowing?: Narrowing | undefined
  signal?: AbortSignal | undefined
}

/** @throws UsageError when what is asked of the app, or taken away from it, makes no sense */
export function checkAppTarget(spec: AppSpec, fault: Fault): void {
  checkFit(fault, subjectOfApp(spec), 'fault', { faults: loadFaults, subjects })
  checkApp(spec, [fault], 'fault')
}

/**
 * Starts an app on servers of our own, with doors in front of them, and gets it ready: the set-up is played, and everything has
 * been asked. What keeps it from getting ready is the target's `problem`.
 *
 * Errors: those of `openRig`, UsageError `COMMAND_NOT_FOUND` and EnvironmentError `PORT_TAKEN`; nothing is left running then.
 */
export async function openAppTarget(options: AppTargetOptions): Promise<LoadTarget> {
  const { app: spec, fault, signal } = options
  const rig = await openRig({ protocol: spokenByApp(spec).protocol, needs: fault.needs, signal })
  let started: StartedApp | undefined
  const close = async () => {
    try {
      await started?.app.end()
    } finally {
      await rig.close()
    }
  }
  try {
    const declared = { setup: [], ...spec.declared, probes: spec.probes }
    const secrets = probeSecrets(declared)
    const site = embeddedSite(rig)
    started = await startApp(spec, { site, secrets, signal })
    const { app, source, unused } = started
    const keyPrefix = newKeyPrefix()
    const ready = await getReady({ spec, started, site, declared, keyPrefix, secrets, signal })
    const supabase = source && (await rig.openSupabase())
    const watch = watchApp(app, () => supabase?.takeLoads() ?? [])
    const { begin, fault: onFault, take } = watch
    return {
      name: appName(spec),
      surface: httpSurface(new URL(readyUrl(spec.readyUrl).origin), declared, {
        keyPrefix,
        values: ready.values,
      }),
      problem: ready.problem,
      disturbance: disturbanceOf(fault, {
        backend: rig.door,
        source: source?.door,
        narrowing: options.narrowing,
      }),
      servers: source ? [rig.server, source] : [rig.server],
      processes: [app],
      watchdog: rig.watchdog,
      begin,
      fault: onFault,
      take,
      unused,
      limiters: limitersOf(declared),
      partOf: endpointOf(declared),
      apart: true,
      hitsUnseen: true,
      loadsUnseen: source === undefined,
      environment: { server: rig.server.version, emulated: [...rig.emulated] },
      close: async () => {
        watch.stop()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface Getting {
  spec: AppSpec
  started: StartedApp
  site: AppSite
  declared: ProbeSet
  keyPrefix: string
  secrets: ProbeSecrets
  signal: AbortSignal | undefined
}

/** An app that does not get ready is a result, and no error. */
async function getReady({ spec, started, site, declared, keyPrefix, secrets, signal }: Getting) {
  const { app, source } = started
  const exchange = createExchange(new URL(readyUrl(spec.readyUrl).origin), 1)
  const servers = source ? [site.server, source] : [site.server]
  const watch = stopWatch({ signal, hosts: [app], servers })
  const plan = firstKey(keyPrefix)
  try {
    return {
      values: await untilWarm(spec, { app, exchange, watch, declared, plan, secrets }),
      problem: undefined,
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    return { values: {}, problem: error }
  } finally {
    exchange.close()
  }
}
