import type { Door, DoorCounts } from '../faults/doors/door.js'
import type { Compound } from '../faults/compound.js'
import type { Fault } from '../faults/fault.js'
import type { Disturbance } from './disturbs.js'
import { timelineOf } from './timeline.js'

export type { Disturbance }

/** Where a fault can happen. */
export interface Places {
  /** In front of the backend. */
  backend: Door
  /** In front of the source of truth, where that is a service of its own. */
  source?: Door | undefined
}

/** What happens at the doors, each time at the one that speaks what the fault is about. */
export function disturbanceOf(fault: Fault | Compound, places: Places): Disturbance {
  if (!('steps' in fault)) return oneFault(fault, places)
  return timelineOf(fault.steps.map((step) => ({ ...step, disturbance: oneFault(step.fault, places) })))
}

function oneFault(fault: Fault, { backend, source }: Places): Disturbance {
  const door = source && fault.protocols.includes(source.protocol) ? source : backend
  let atFault: DoorCounts | undefined
  let atHeal: DoorCounts | undefined
  return {
    begin: async () => {
      atFault = door.counts()
      await fault.apply(door)
    },
    end: async () => {
      atHeal ??= door.counts()
      await fault.lift(door)
    },
    witness: () => {
      const last = atHeal ?? door.counts()
      return fault.witness(atFault ?? last, last)
    },
  }
}
