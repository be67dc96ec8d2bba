import type { Door, DoorCounts } from '../faults/doors/door.js'
import type { Compound } from '../faults/compound.js'
import { counted, difference } from '../faults/difference.js'
import type { Fault } from '../faults/fault.js'
import { narrowed, type Narrowing } from '../faults/narrowing.js'
import type { Witness } from '../report/drill-report.js'
import type { Disturbance } from './disturbs.js'
import { timelineOf } from './timeline.js'

export type { Disturbance }

/** Where a fault can happen. */
export interface Places {
  /** In front of the backend. */
  backend: Door
  /** In front of the source of truth, where that is a service of its own. */
  source?: Door | undefined
  /** What of all that they would touch faults do touch there. */
  narrowing?: Narrowing | undefined
}

/** What happens at the doors, each time at the one that speaks what the fault is about. */
export function disturbanceOf(fault: Fault | Compound, places: Places): Disturbance {
  if (!('steps' in fault)) return oneFault(fault, places)
  return timelineOf(fault.steps.map((step) => ({ ...step, disturbance: oneFault(step.fault, places) })))
}

function oneFault(fault: Fault, { backend, source, narrowing }: Places): Disturbance {
  const place = source && fault.protocols.includes(source.protocol) ? source : backend
  const door = narrowing ? narrowed(place, narrowing) : place
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
      const witness = fault.witness(atFault ?? last, last)
      return narrowing ? withSpared(witness, atFault ?? last, last) : witness
    },
  }
}

/** What was left alone shows whether the fault was as narrow as it was meant to be. */
function withSpared(witness: Witness, atFault: DoorCounts, atHeal: DoorCounts): Witness {
  const spared = difference(atFault, atHeal, ['commandsSpared', 'requestsSpared'])
  const { commandsSpared, requestsSpared } = spared
  const told = requestsSpared > 0 ? counted(requestsSpared, 'request') : counted(commandsSpared, 'command')
  return {
    ...witness,
    evidence: `${witness.evidence}; ${told} spared`,
    counts: { ...witness.counts, ...spared },
  }
}
