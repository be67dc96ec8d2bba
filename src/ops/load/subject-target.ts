import type { Compound } from '../faults/compound.js'
import type { Fault } from '../faults/fault.js'
import type { Narrowing } from '../faults/narrowing.js'
import { disturbanceOf } from '../experiment/disturbance.js'
import { openRig } from '../experiment/rig.js'
import { isConfigured } from '../experiment/subjects/is-configured.js'
import { neverConnected } from '../experiment/subjects/module/never-came.js'
import { referenceTo } from '../experiment/subjects/reference.js'
import type { Subject } from '../experiment/subjects/subject.js'
import { redisAtUsualPlace } from '../experiment/usual-place.js'
import { EnvironmentError } from '../report/errors.js'
import type { LoadTarget } from './target.js'

export interface SubjectTargetOptions {
  subject: Subject
  /** One that fits it. */
  fault: Fault | Compound
  /** What of all that it would touch the fault does touch. */
  narrowing?: Narrowing | undefined
  signal?: AbortSignal | undefined
}

/**
 * A subject with servers of our own, and a door in front of them. Errors: those of `openRig` and of `openSupabase`, and
 * EnvironmentError `USUAL_PLACE_TAKEN` where somebody's module would write into a Redis that is not ours; nothing is left running
 * then.
 */
export async function openSubjectTarget(options: SubjectTargetOptions): Promise<LoadTarget> {
  const { subject, fault, narrowing, signal } = options
  const { module } = subject
  if (fault.needs === 'unset' && module) await requireNobodyThere()
  const rig = await openRig({ protocol: subject.protocol, needs: fault.needs, signal })
  try {
    const supabase = subject.source === 'supabase' ? await rig.openSupabase() : undefined
    const environment = {
      ...rig.environments.main,
      ...(supabase && { supabase: supabase.environments.main }),
    }
    const acceptedBefore = rig.door.counts().connectionsAccepted
    let originMs = 0
    return {
      name: subject.name,
      surface: { type: 'subject', subject: referenceTo(subject), environment },
      variables: rig.variables?.main,
      disturbance: disturbanceOf(fault, { backend: rig.door, source: supabase?.door, narrowing }),
      servers: supabase ? [rig.server, supabase] : [rig.server],
      processes: [],
      watchdog: rig.watchdog,
      begin: (atMs) => {
        originMs = atMs
      },
      fault: () => undefined,
      take: () => ({
        loads: supabase?.takeLoads().map((atMs) => atMs - originMs) ?? [],
        vitals: [],
        signals: [],
      }),
      unused: () => {
        const came = rig.door.counts().connectionsAccepted - acceptedBefore
        return module && isConfigured(environment) && came === 0 ? neverConnected(module) : null
      },
      limiters: [],
      // It has records of its own, whatever the families are.
      ...(subject.source && { partOf: () => null }),
      // What begins late once Redis is away may be the subject's own backlog.
      apart: false,
      hitsUnseen: false,
      loadsUnseen: false,
      get environment() {
        return { server: rig.server.version, emulated: [...rig.emulated] }
      },
      close: () => rig.close(),
    }
  } catch (error) {
    await rig.close()
    throw error
  }
}

async function requireNobodyThere(): Promise<void> {
  const stranger = await redisAtUsualPlace()
  if (stranger === null) return
  throw new EnvironmentError('USUAL_PLACE_TAKEN', `${stranger}.`, ['end it, or run this elsewhere'])
}
