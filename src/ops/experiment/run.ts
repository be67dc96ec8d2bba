import type { Fault } from '../faults/fault.js'
import type { DoorCounts } from '../faults/doors/door.js'
import { EnvironmentError } from '../report/errors.js'
import { startHost, type HostProcess } from './host-process.js'
import { keysOf } from './keys.js'
import type { Measurement, PhaseName } from './measurement.js'
import { monotonicMs } from './monotonic.js'
import { PACE, type Pace } from './pace.js'
import { warmGroups, type Plan } from './plan.js'
import { createRecording } from './recording.js'
import type { Rig } from './rig.js'
import { createSourceOfTruth } from './source-of-truth.js'
import { stopWatch, Stopped } from './stopping.js'
import type { SubjectEnvironment } from './subjects/subject.js'

export interface ExperimentOptions extends Plan {
  fault: Fault
  /** Name of a subject; must exist. */
  subject: string
  /** Stays open, for whoever made it to close. */
  rig: Omit<Rig, 'close' | 'emulated'>
  /** What was in flight at the end has this long to settle. */
  graceMs: number
  /** Ends the experiment early; what was measured until then comes back. */
  signal?: AbortSignal | undefined
  onPhase?: ((phase: PhaseName | 'warm-up') => void) | undefined
}

const PREPARE_DEADLINE_MS = 10_000
const HAND_IN_DEADLINE_MS = 5000

/**
 * Takes Redis away from a running subject and gives it back, once: before → during → after.
 *
 * However it ends, the fault is lifted and the hosts are gone when the promise settles. It rejects only with
 * EnvironmentError, when the server or the hosts cannot do their part; everything that the subject does is data.
 */
export async function runExperiment(options: ExperimentOptions): Promise<Measurement> {
  const { fault, rig, graceMs } = options
  if (!fault.protocols.includes(rig.door.protocol)) throw new Error(`no ${fault.name} through this door`)
  const pace = PACE[rig.door.protocol]
  const source = createSourceOfTruth(options.seed)
  const recording = createRecording(source)
  const hosts: HostProcess[] = []
  let originMs = monotonicMs()
  let atFault: DoorCounts | undefined
  let atHeal: DoorCounts | undefined
  let faultAtMs: number | undefined
  let healAtMs: number | undefined
  let stopped: Stopped | undefined
  let unfinished: string[] = []

  try {
    for (const name of ['main', 'second'] as const) {
      const host = startHost(name)
      hosts.push(host)
      rig.watchdog.watch(host.pid)
      recording.follow(host)
    }
    const [main, second] = hosts as [HostProcess, HostProcess]
    const watch = stopWatch({ signal: options.signal, hosts, server: rig.server })
    const tellBoth = (message: Parameters<HostProcess['send']>[0]) =>
      hosts.forEach((host) => host.send(message))

    options.onPhase?.('warm-up')
    await watch.during(prepare(main, options.subject, rig.environments.main))
    await watch.during(prepare(second, options.subject, rig.environments.second))
    await watch.during(warm(main, warmGroups('main', options).flatMap(keysOf), pace))
    await watch.during(warm(second, warmGroups('second', options).flatMap(keysOf), pace))

    options.onPhase?.('before')
    originMs = monotonicMs()
    source.recordFrom(originMs)
    tellBoth({ type: 'begin', originMs, plan: { ...planOf(options), lookEveryMs: pace.lookEveryMs } })
    await watch.until(originMs + options.beforeMs)

    options.onPhase?.('during')
    atFault = rig.door.counts()
    faultAtMs = monotonicMs()
    await fault.apply(rig.door)
    tellBoth({ type: 'fault', atMs: faultAtMs })
    await watch.until(faultAtMs + options.duringMs)

    options.onPhase?.('after')
    atHeal = rig.door.counts()
    await fault.lift(rig.door)
    healAtMs = monotonicMs()
    tellBoth({ type: 'heal', atMs: healAtMs })
    await watch.until(healAtMs + options.afterMs)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    if (error.reason === 'server') throw serverDied(error.what)
    stopped = error
  } finally {
    atHeal ??= rig.door.counts()
    try {
      await fault.lift(rig.door)
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
  return {
    fault: fault.name,
    subject: options.subject,
    seed: options.seed,
    ratePerSecond: options.ratePerSecond,
    ...times,
    ...recording.result(times),
    witness: fault.witness(atFault ?? atHeal, atHeal),
    ...(fault.losesData && { dataLost: true as const }),
    unprepared: stopped?.reason === 'unprepared' ? stopped.what : null,
    died: stopped?.reason === 'died' ? stopped.what : null,
    incomplete:
      stopped === undefined && unfinished.length > 0
        ? `the ${unfinished.join(' and the ')} process was too busy to hand in what it had recorded`
        : null,
    interruptedIn: stopped?.reason === 'interrupted' ? phaseNow(faultAtMs, healAtMs) : null,
  }
}

async function prepare(host: HostProcess, subject: string, environment: SubjectEnvironment): Promise<void> {
  host.send({ type: 'prepare', process: host.name, subject, environment })
  const answer = await host.next('prepared', PREPARE_DEADLINE_MS)
  if (answer?.problem === null) return
  const problem = answer?.problem ?? `no answer within ${PREPARE_DEADLINE_MS / 1000} s`
  throw new Stopped('unprepared', `the subject could not be created in the ${host.name} process: ${problem}`)
}

async function warm(host: HostProcess, keys: string[], { atOnce, warmUpMs }: Pace): Promise<void> {
  host.send({ type: 'warm', keys, atOnce, deadlineMs: warmUpMs })
  const answer = await host.next('warmed', warmUpMs + 1000)
  if (answer?.settled) return
  throw new Stopped(
    'unprepared',
    `reading ${keys.length} keys in the ${host.name} process did not come to an end in ${warmUpMs / 1000} s, with nothing wrong`,
  )
}

/** @returns the names of those that did not hand in everything */
async function endHosts(
  hosts: HostProcess[],
  rig: Pick<Rig, 'watchdog'>,
  graceMs: number,
): Promise<string[]> {
  const unfinished: string[] = []
  await Promise.all(
    hosts.map(async (host) => {
      host.send({ type: 'finish', graceMs })
      const finished = await host.next('finished', graceMs + HAND_IN_DEADLINE_MS)
      if (finished === null) unfinished.push(host.name)
      await host.end()
      rig.watchdog.forget(host.pid)
    }),
  )
  return unfinished
}

function planOf(options: ExperimentOptions): Plan {
  const { seed, ratePerSecond, arrivals, beforeMs, duringMs, afterMs, beside } = options
  return { seed, ratePerSecond, arrivals, beforeMs, duringMs, afterMs, beside }
}

function phaseNow(faultAtMs: number | undefined, healAtMs: number | undefined): PhaseName {
  if (faultAtMs === undefined) return 'before'
  return healAtMs === undefined ? 'during' : 'after'
}

function serverDied(what: string): EnvironmentError {
  return new EnvironmentError('SERVER_DIED', `the drill's own Redis did not last: ${what}`, [
    'run it again; if it happens again, look at the memory and disk space of this machine',
  ])
}
