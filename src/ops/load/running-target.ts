import type { ProbeSet } from '../config/probes/probe.js'
import { requireProbe } from '../experiment/app/as-subject.js'
import { createExchange } from '../experiment/app/exchange.js'
import { urlOfApp } from '../experiment/app/url-of-app.js'
import { warmUpApp } from '../experiment/app/warm-up.js'
import type { Disturbance } from '../experiment/disturbs.js'
import type { Chosen } from '../experiment/narrow.js'
import type { ProxyClient } from '../experiment/remote/proxy-client.js'
import { remoteDisturbance } from '../experiment/remote/remote-disturbance.js'
import { requireKnown } from '../experiment/remote/require-known.js'
import { stopWatch, Stopped } from '../experiment/stopping.js'
import type { Fault } from '../faults/fault.js'
import { EnvironmentError, UsageError } from '../report/errors.js'
import { startWatchdog } from '../sandbox/watchdog.js'
import { firstKey, httpSurface, limitersOf, newKeyPrefix } from './http-surface.js'
import { noProxy } from '../report/no-proxy.js'
import { none } from './none.js'
import type { RunningTarget } from './options.js'
import { endpointOf } from './part-names.js'
import type { LoadTarget } from './target.js'

const NEVER_CAME =
  'the app never connected to its backend through the proxy, so nothing that happens there can reach it: start it with the variable that cache proxy printed'

/**
 * @throws SafetyError for an app that is not on this machine; UsageError where nothing is to be asked, or where nobody can take
 * away what is to be
 */
export function checkRunningTarget(
  { url, declared, proxy }: RunningTarget,
  fault: Fault,
  narrowing: Chosen = {},
): void {
  urlOfApp(url.href)
  requireProbe(declared)
  const narrowed = Object.entries(narrowing).find(([, value]) => value !== undefined)
  if (narrowed) {
    throw new UsageError(
      'CANNOT_NARROW',
      `--${narrowed[0]} narrows a fault of a door of our own, and the one of an app that runs already is the proxy's.`,
      ['start the app behind --, for a fault that is narrowed'],
    )
  }
  if (proxy !== null || fault.name === none.name) return
  throw noProxy(fault.name)
}

/**
 * Gets an app ready that runs already, of which no more is seen than what it answers. Its backend is taken away by the proxy, under a
 * lease, so that it comes back should we die.
 *
 * @throws UsageError for a fault that the proxy does not have; EnvironmentError when it is away. Nothing is left running then.
 */
export async function openRunningTarget({
  running,
  fault,
  signal,
}: {
  running: RunningTarget
  fault: Fault
  signal?: AbortSignal | undefined
}): Promise<LoadTarget> {
  const { url, declared, proxy } = running
  const disturbance = await disturbanceBy(proxy, fault)
  const watchdog = startWatchdog()
  try {
    const keyPrefix = newKeyPrefix()
    const ready = await getReady({ url, declared, keyPrefix, signal })
    return {
      name: url.host,
      surface: httpSurface(url, declared, { keyPrefix, values: ready.values }),
      problem: ready.problem,
      disturbance,
      servers: disturbance.lost ? [{ died: disturbance.lost }] : [],
      serverLost: (what) =>
        new EnvironmentError('PROXY_LOST', `The run could not be finished: ${what}.`, ['run it again']),
      processes: [],
      watchdog,
      begin: () => undefined,
      fault: () => undefined,
      take: () => ({ loads: [], vitals: [], signals: [] }),
      unused: async () => {
        if (!disturbance.lost || !proxy) return null
        return (await proxy.status()).counts['connectionsAccepted'] === 0 ? NEVER_CAME : null
      },
      limiters: limitersOf(declared),
      partOf: endpointOf(declared),
      apart: true,
      hitsUnseen: true,
      loadsUnseen: true,
      environment: { server: `the app's own${proxy ? ', behind cache proxy' : ''}`, emulated: [] },
      close: () => watchdog.stop(),
    }
  } catch (error) {
    await watchdog.stop()
    throw error
  }
}

async function disturbanceBy(
  proxy: ProxyClient | null,
  fault: Fault,
): Promise<Disturbance & { lost?: Promise<string> }> {
  if (fault.name === none.name || proxy === null)
    return { begin: nothing, end: nothing, witness: () => NOTHING }
  requireKnown([fault], (await proxy.status()).faults, 'fault')
  return remoteDisturbance(fault.name, proxy)
}

const nothing = () => Promise.resolve()
const NOTHING = { witnessed: true, evidence: 'there is nothing to meet', counts: {} }

async function getReady({
  url,
  declared,
  keyPrefix,
  signal,
}: {
  url: URL
  declared: ProbeSet
  keyPrefix: string
  signal: AbortSignal | undefined
}) {
  const exchange = createExchange(url, 1)
  const watch = stopWatch({ signal, hosts: [], servers: [] })
  try {
    const values = await watch.during(warmUpApp(declared, firstKey(keyPrefix), exchange))
    return { values, problem: undefined }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    return { values: {}, problem: error }
  } finally {
    exchange.close()
  }
}
