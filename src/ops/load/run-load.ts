import { setImmediate as turn } from 'node:timers/promises'
import { metAt } from '../experiment/disturbance.js'
import { keepLookout, type Lookout } from '../experiment/lookout.js'
import type { PhaseName } from '../experiment/measurement.js'
import { monotonicMs } from '../experiment/monotonic.js'
import { signsOfTheFault } from '../experiment/signs.js'
import { serverDied, stopWatch, Stopped } from '../experiment/stopping.js'
import { collect } from './collect.js'
import type { Traffic } from './generator/traffic.js'
import { handIn, lostText, untilHandedIn } from './hand-in.js'
import type { LoadRun } from './load-run.js'
import { makeReady } from './make-ready.js'
import type { TallyPlan } from './tally.js'
import type { LoadTarget } from './target.js'
import { startWorker } from './worker-process.js'

export interface LoadRunOptions extends TallyPlan {
  /** Its name. */
  fault: string
  traffic: Traffic
  /** Ends the run early as well. */
  lookout?: Lookout | undefined
  /** Ends the run early; what was measured until then comes back. */
  signal?: AbortSignal | undefined
  onPhase?: ((phase: PhaseName | 'warm-up') => void) | undefined
}

/** The worker is told when to begin, and when to end, so long before it, so that no operation is late or too much for that. */
const AHEAD_MS = 100
/** What was in flight at the end has this long, as in a drill. */
export const GRACE_MS = 1000

/**
 * Puts load on a target, takes away what the target says and gives it back, once: before → during → after.
 *
 * However it ends, what was taken away is back and the worker is gone when the promise settles; the target stays open. It rejects
 * with EnvironmentError when the servers or the worker cannot do their part, and with UsageError for a module that is no
 * subject; everything else, a killed worker included, is data.
 */
export async function runLoad(target: LoadTarget, options: LoadRunOptions): Promise<LoadRun> {
  const { traffic, onPhase } = options
  const { disturbance } = target
  const worker = startWorker(target)
  const collected = collect(worker, target, options, options.lookout !== undefined)
  const lookout = keepLookout(options.lookout, collected.sight, collected.nowMs)
  const watch = stopWatch({
    signal: options.signal,
    hosts: [{ ended: worker.died }, ...target.processes],
    servers: target.servers,
    met: lookout.met,
    lost: worker.lost,
  })
  let originMs = monotonicMs()
  /** In order, as far as it came. */
  const times: Partial<Pick<LoadRun, 'faultAtMs' | 'inForceMs' | 'liftingMs' | 'healAtMs' | 'endMs'>> = {}
  const now = () => monotonicMs() - originMs
  let stopped: Stopped | undefined

  try {
    if (target.problem) throw target.problem
    onPhase?.('warm-up')
    await watch.during(makeReady(worker, target, traffic))

    onPhase?.('before')
    originMs = monotonicMs() + AHEAD_MS
    collected.begin(originMs)
    worker.send({ type: 'begin', originMs })
    await watch.until(originMs + traffic.beforeMs)
    const unused = await target.unused()
    if (unused !== null) throw new Stopped('unprepared', unused)

    onPhase?.('during')
    times.faultAtMs = now()
    collected.fault(times.faultAtMs)
    target.fault()
    worker.send({ type: 'fault' })
    await disturbance.begin()
    times.inForceMs = now()
    await watch.until(originMs + times.faultAtMs + options.duringMs)

    onPhase?.('after')
    times.liftingMs = now()
    await disturbance.end()
    times.healAtMs = now()
    collected.heal(times.healAtMs)
    const endMs = times.healAtMs + options.afterMs
    await watch.until(originMs + endMs - AHEAD_MS)
    // The worker knows the end a little in advance, so that nothing is begun beyond it.
    times.endMs = endMs
    collected.end(endMs)
    await watch.during(handIn(worker, collected, { endMs: originMs + endMs, graceMs: GRACE_MS }))
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    if (error.reason === 'server') throw (target.serverLost ?? serverDied)(error.what)
    stopped = error
  } finally {
    lookout.stop()
    try {
      await disturbance.end()
    } finally {
      if (stopped) await saveWhatThereIs()
      collected.stop()
      await worker.end()
    }
  }

  const endMs = times.endMs ?? 0
  const { faultAtMs = endMs, healAtMs = endMs } = times
  const tallied = collected.result()
  const met = metAt(disturbance, originMs)
  const told = (reason: Stopped['reason']) => (stopped?.reason === reason ? stopped.what : null)
  const lost = told('lost')
  return {
    fault: options.fault,
    subject: target.name,
    seed: traffic.seed,
    ratePerSecond: traffic.ratePerSecond,
    faultAtMs,
    inForceMs: times.inForceMs ?? faultAtMs,
    liftingMs: times.liftingMs ?? healAtMs,
    healAtMs,
    endMs,
    ...tallied,
    firstSign: signsOfTheFault({ signals: [...collected.signals], faultAtMs, ...met })[0] ?? null,
    apart: target.apart,
    limiters: [...collected.limiters],
    witness: disturbance.witness(),
    ...met,
    hitsUnseen: target.hitsUnseen,
    loadsUnseen: target.loadsUnseen,
    unprepared: told('unprepared'),
    died: told('died'),
    lost: lost === null ? null : lostText(lost, collected.heardMs()),
    stoppedBy: told('condition'),
    interruptedIn: told('interrupted') === null ? null : phaseNow(times),
    environment: target.environment,
  }

  /** Of a run that is cut short: up to now, without waiting for what is in flight. */
  async function saveWhatThereIs(): Promise<void> {
    const isTold = times.endMs !== undefined
    // Negative in the warm-up, which is no part of `before`.
    times.endMs = Math.max(0, Math.min(collected.nowMs(), times.endMs ?? Infinity))
    collected.end(times.endMs)
    if (collected.nowMs() < 0) return
    // Waited for already; what it sent last may still be on its way.
    if (isTold && stopped?.reason === 'lost') return turn()
    const work = isTold
      ? untilHandedIn(worker, collected, AHEAD_MS + GRACE_MS)
      : handIn(worker, collected, { endMs: null, graceMs: 0 })
    // Why it was cut short is told already.
    await work.catch(() => undefined)
  }
}

function phaseNow({ faultAtMs, healAtMs }: Partial<LoadRun>): PhaseName {
  if (faultAtMs === undefined) return 'before'
  return healAtMs === undefined ? 'during' : 'after'
}
