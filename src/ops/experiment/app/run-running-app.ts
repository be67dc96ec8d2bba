import type { Fault } from '../../faults/fault.js'
import type { ProbeSet } from '../../config/probes/probe.js'
import { EnvironmentError } from '../../report/errors.js'
import { keepLookout, settledOf, type Lookout } from '../lookout.js'
import type { Measurement, PhaseName } from '../measurement.js'
import { monotonicMs } from '../monotonic.js'
import type { Plan } from '../plan.js'
import { phaseAt, type Times } from '../recording.js'
import type { ProxyClient } from '../remote/proxy-client.js'
import { remoteDisturbance } from '../remote/remote-disturbance.js'
import { stopWatch, Stopped } from '../stopping.js'
import { createExchange } from './exchange.js'
import { limitingOf } from './limiting.js'
import { appPlan } from './plan.js'
import { MAX_IN_FLIGHT, startProber, type Prober } from './prober.js'
import { starved, tooShort, unsteady } from './steady.js'
import { unseenOf } from './unseen.js'
import { createVersions } from './versions.js'
import { watchProxyUse, type ProxyUse } from './proxy-use.js'
import { warmUpApp } from './warm-up.js'

export interface RunningAppOptions extends Pick<Plan, 'ratePerSecond' | 'beforeMs' | 'duringMs' | 'afterMs'> {
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
  onPhase?: ((phase: PhaseName | 'warm-up') => void) | undefined
}

const NOT_OURS = 'the app was not started for the drill, so its'
const UNSEEN = {
  C6: `${NOT_OURS} end, memory and connections are not seen`,
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
  let originMs = monotonicMs()
  let faultAtMs: number | undefined
  let healAtMs: number | undefined
  let stopped: Stopped | undefined
  const nowMs = () => monotonicMs() - originMs
  const inFlight = () => ({ inFlight: prober?.inFlight() ?? 0, rssBytes: 0 })
  const lookout = keepLookout(options.lookout, () => ({ settled: settled(), vitals: inFlight() }), nowMs)

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

    options.onPhase?.('before')
    originMs = monotonicMs()
    const probing = startProber(originMs, { exchange, declared, versions, values })
    prober = probing
    settled = settledOf(probing.operations)
    probing.play(plan.traffic())
    probing.play(plan.checks())
    await watch.until(originMs + options.beforeMs)
    const wrong = unsteady(probing.operations, nowMs())
    if (wrong !== null) throw new Stopped('unprepared', wrong)
    if ((await proxy.status()).counts['connectionsAccepted'] === 0) {
      throw new Stopped(
        'unprepared',
        'the app never connected to its backend through the proxy, so nothing that happens there can reach it: start it with the variable that cache proxy printed',
      )
    }

    options.onPhase?.('during')
    faultAtMs = monotonicMs()
    await disturbance.begin()
    probing.play(plan.revocations(faultAtMs - originMs))
    await watch.until(faultAtMs + options.duringMs)

    options.onPhase?.('after')
    await disturbance.end()
    healAtMs = monotonicMs()
    use = await watchProxyUse(proxy, nowMs)
    probing.play(plan.looks(healAtMs - originMs))
    await watch.until(healAtMs + options.afterMs)
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
    subject: options.name,
    seed: 0,
    ratePerSecond: options.ratePerSecond,
    ...times,
    operations: operations.sort((left, right) => left.startMs - right.startMs),
    writes: versions.writes,
    loads: [],
    signals: [],
    signalsDropped: 0,
    vitals: [],
    instances: [],
    ...(declared.limit &&
      prober && { limiting: limitingOf(declared.limit, prober.checks, times, options.recoverMs) }),
    unseen: {
      ...unseenOf(declared, { hasSource: false, takesSource: fault.takesSource === true }),
      ...UNSEEN,
    },
    backendUsedAgainMs: use?.usedAgainMs() ?? null,
    isAlone: true,
    ...(doubt !== null && { doubt }),
    witness: disturbance.witness(),
    ...(fault.losesData && { dataLost: true as const }),
    ...(fault.takesSource && { sourceTaken: true as const }),
    unprepared: stopped?.reason === 'unprepared' ? stopped.what : null,
    died: null,
    ...(stopped?.reason === 'condition' && { stoppedBy: stopped.what }),
    incomplete: null,
    interruptedIn: stopped?.reason === 'interrupted' ? phaseNow(faultAtMs, healAtMs) : null,
  }
}

function phaseNow(faultAtMs: number | undefined, healAtMs: number | undefined): PhaseName {
  if (faultAtMs === undefined) return 'before'
  return healAtMs === undefined ? 'during' : 'after'
}
