import type { Door, DoorCounts } from '../faults/doors/door.js'
import type { Fault } from '../faults/fault.js'
import type { Witness } from '../report/drill-report.js'

/** Where a fault can happen. */
export interface Places {
  /** In front of the backend. */
  backend: Door
  /** In front of the source of truth, where that is a service of its own. */
  source?: Door | undefined
}

/** What goes wrong in `during`, whatever it is made of: begun once, ended once, and witnessed. */
export interface Disturbance {
  begin(): Promise<void>
  /** Safe to call twice, and without `begin`. */
  end(): Promise<void>
  /** By what the doors had counted when it ended; by now, as long as it has not. */
  witness(): Witness
}

/** One fault, at the door that speaks what it is about. */
export function disturbanceOf(fault: Fault, { backend, source }: Places): Disturbance {
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
