import type { Fault } from '../../faults/fault.js'
import type { ProbeSet } from '../../config/probes/probe.js'
import { EnvironmentError } from '../../report/errors.js'
import { keepLookout, settledOf, type Lookout } from '../lookout.js'
import type { Measurement } from '../measurement.js'
import { monotonicMs } from '../monotonic.js'
import type { Plan } from '../plan.js'
import type { ProxyClient } from '../remote/proxy-client.js'
import { remoteDisturbance } from '../remote/remote-disturbance.js'
import { stopWatch, Stopped } from '../stopping.js'
import { createExchange } from './exchange.js'
import { nowIn, type Marks } from './marks.js'
import { appPlan } from './plan.js'
import { playPhases, type Phasing } from './play-phases.js'
import { MAX_IN_FLIGHT, startProber, type Prober } from './prober.js'
import { seenFromOutside } from './seen-from-outside.js'
import { tooShort } from './steady.js'
import { unseenOf } from './unseen.js'
import { createVersions } from './versions.js'
import { watchProxyUse, type ProxyUse } from './proxy-use.js'
import { warmUpApp } from './warm-up.js'

export interface RunningAppOptions extends Phasing, Pick<Plan, 'ratePerSecond'> {
  fault: Fault
  /** Where the app answers: on loopback. */
  url: URL
  /** What it is called in the report. */
  name: string
  declared: ProbeSet
  /** In front of its backend. */
  proxy: ProxyClient
  graceMs: number
  recoverMs: number
  lookout?: Lookout | undefined
  signal?: AbortSignal | undefined
}

const NOT_OURS = 'the app was not started for the drill, so its'
const UNSEEN = {
  C6: `${NOT_OURS} end, memory and connections are not seen`,
  C7: 'how often the app reads its database is not seen from outside',
  C10: `${NOT_OURS} log is not seen`,
  C11: 'what the app has left behind is on its own server, which is not looked into',
} as const

/**
 * As `runAppDrill`, for an app that runs already, behind a `cache proxy`: the fault is put on and lifted by its control port, under a
 * lease.
 *
 * However it ends, the fault is lifted when the promise settles, and at the latest when the lease is over. It rejects with
 * EnvironmentError when the proxy is away, or ended its fault before we did.
 */
export async function runRunningAppDrill(options: RunningAppOptions): Promise<Measurement> {
  const { fault, url, declared, proxy } = options
  const plan = appPlan(declared, options)
  const versions = createVersions()
  const exchange = createExchange(url, MAX_IN_FLIGHT)
  const disturbance = remoteDisturbance(fault.name, proxy)
  let prober: Prober | undefined
  let use: ProxyUse | undefined
  let settled: ReturnType<typeof settledOf> = () => []
  const marks: Marks = { originMs: monotonicMs() }
  let stopped: Stopped | undefined
  const inFlight = () => ({ inFlight: prober?.inFlight() ?? 0, rssBytes: 0 })
  const lookout = keepLookout(
    options.lookout,
    () => ({ settled: settled(), vitals: inFlight() }),
    () => nowIn(marks),
  )

  try {
    const short = tooShort(options)
    if (short !== null) throw new Stopped('unprepared', short)
    const watch = stopWatch({
      signal: options.signal,
      hosts: [],
      servers: [{ died: disturbance.lost }],
      met: lookout.met,
    })
    options.onPhase?.('warm-up')
    const values = await watch.during(warmUpApp(declared, plan, exchange))

    marks.originMs = monotonicMs()
    prober = startProber(marks.originMs, { exchange, declared, versions, values })
    settled = settledOf(prober.operations)
    await playPhases(
      {
        marks,
        plan,
        prober,
        watch,
        disturbance,
        requireUse: async () => {
          if ((await proxy.status()).counts['connectionsAccepted'] !== 0) return
          throw new Stopped(
            'unprepared',
            'the app never connected to its backend through the proxy, so nothing that happens there can reach it: start it with the variable that cache proxy printed',
          )
        },
        onHeal: async () => {
          use = await watchProxyUse(proxy, () => nowIn(marks))
        },
      },
      options,
    )
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    if (error.reason === 'server')
      throw new EnvironmentError('PROXY_LOST', `The drill could not be finished: ${error.what}.`, [
        'run it again',
      ])
    stopped = error
  } finally {
    lookout.stop()
    use?.stop()
    try {
      await disturbance.end()
    } finally {
      await prober?.finish(stopped ? 0 : options.graceMs)
      exchange.close()
    }
  }

  return {
    ...seenFromOutside({ ...options, declared, marks, versions, disturbance, prober, stopped }),
    subject: options.name,
    loads: [],
    signals: [],
    signalsDropped: 0,
    vitals: [],
    unseen: {
      ...unseenOf(declared, { hasSource: false, takesSource: fault.takesSource === true }),
      ...UNSEEN,
    },
    backendUsedAgainMs: use?.usedAgainMs() ?? null,
  }
}
