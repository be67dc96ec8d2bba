import type { Compound } from '../../faults/compound.js'
import { harmsServer, type Fault } from '../../faults/fault.js'
import type { ProbeSet } from '../../config/probes/probe.js'
import { metAt, type Disturbance } from '../disturbance.js'
import type { Measurement } from '../measurement.js'
import { phaseAt } from '../recording.js'
import type { Stopped } from '../stopping.js'
import { limitingOf } from './limiting.js'
import { phaseNow, timesOf, type Marks } from './marks.js'
import type { Prober } from './prober.js'
import { starved } from './steady.js'
import type { Versions } from './versions.js'

interface Seen {
  fault: Fault | Compound
  ratePerSecond: number
  afterMs: number
  /** The app's policy may decide for so long after the heal. */
  recoverMs: number
  declared: Pick<ProbeSet, 'limit'>
  marks: Marks
  versions: Versions
  disturbance: Disturbance
  /** Absent: it never came to that. */
  prober: Prober | undefined
  /** Why it ended before its time; absent: it did not. */
  stopped: Stopped | undefined
}

type Outside = Omit<
  Measurement,
  'subject' | 'loads' | 'signals' | 'signalsDropped' | 'vitals' | 'unseen' | 'backendUsedAgainMs'
>

/** What was seen of an app by asking it, whoever has started it; what else was seen of it is for its caller to add. */
export function seenFromOutside(seen: Seen): Outside {
  const { fault, declared, prober, stopped, marks } = seen
  const times = timesOf(marks, { afterMs: seen.afterMs, isWhole: stopped === undefined })
  const operations = (prober?.operations ?? []).map((each) => ({
    ...each,
    phase: phaseAt(each.dueMs, times),
  }))
  const doubt = prober && !stopped ? starved(operations, prober.loopDelayMs()) : null
  return {
    fault: fault.name,
    seed: 0,
    ratePerSecond: seen.ratePerSecond,
    ...times,
    operations: operations.sort((left, right) => left.startMs - right.startMs),
    writes: seen.versions.writes,
    instances: [],
    ...(declared.limit &&
      prober && { limiting: limitingOf(declared.limit, prober.checks, times, seen.recoverMs) }),
    isAlone: true,
    ...(doubt !== null && { doubt }),
    witness: seen.disturbance.witness(),
    ...metAt(seen.disturbance, marks.originMs),
    ...(fault.losesData && { dataLost: true as const }),
    ...(harmsServer(fault) && { metByAll: true as const }),
    ...(fault.takesSource && { sourceTaken: true as const }),
    ...('takesBoth' in fault && { backendTaken: true as const }),
    ...(fault.away && { away: fault.away }),
    unprepared: stopped?.reason === 'unprepared' ? stopped.what : null,
    died: stopped?.reason === 'died' ? stopped.what : null,
    ...(stopped?.reason === 'condition' && { stoppedBy: stopped.what }),
    incomplete: null,
    interruptedIn: stopped?.reason === 'interrupted' ? phaseNow(marks) : null,
  }
}
