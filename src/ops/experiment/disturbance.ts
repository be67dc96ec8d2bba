import type { Door, DoorCounts } from '../faults/doors/door.js'
import type { Compound } from '../faults/compound.js'
import { counted, difference } from '../faults/difference.js'
import type { Fault } from '../faults/fault.js'
import { narrowed, type Narrowing } from '../faults/narrowing.js'
import type { Witness } from '../report/drill-report.js'
import type { Disturbance } from './disturbs.js'
import { monotonicMs } from './monotonic.js'
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
  return timelineOf(
    fault.steps.map((step) => {
      const { narrowing = places.narrowing } = step
      return { ...step, disturbance: oneFault(step.fault, { ...places, narrowing }) }
    }),
  )
}

/** For a measurement whose times count from `originMs`. */
export function metAt(disturbance: Disturbance, originMs: number): { metAtMs?: number } {
  const ms = disturbance.metFirstMs?.()
  return ms === undefined ? {} : { metAtMs: ms - originMs }
}

function oneFault(fault: Fault, { backend, source, narrowing }: Places): Disturbance {
  const place = source && fault.protocols.includes(source.protocol) ? source : backend
  const names = new Map<string, number>()
  let metFirstMs: number | undefined
  const door = narrowing
    ? narrowed(place, narrowing, {
        treated: () => (metFirstMs ??= monotonicMs()),
        spared: (name) => names.set(name, (names.get(name) ?? 0) + 1),
      })
    : place
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
      return narrowing ? withSpared(witness, difference(atFault ?? last, last, SPARED), names) : witness
    },
    ...(narrowing && { metFirstMs: () => metFirstMs }),
  }
}

const SPARED = ['commandsSpared', 'requestsSpared'] as const
const NAMES_SHOWN = 3

/** What was left alone shows whether the fault was as narrow as it was meant to be, and what it would have had to name. */
function withSpared(
  witness: Witness,
  spared: Record<(typeof SPARED)[number], number>,
  names: ReadonlyMap<string, number>,
): Witness {
  const { commandsSpared, requestsSpared } = spared
  const told =
    requestsSpared > 0 ? counted(requestsSpared, 'request') : counted(commandsSpared, 'command') + of(names)
  return {
    ...witness,
    evidence: `${witness.evidence}; ${told} spared`,
    counts: { ...witness.counts, ...spared },
  }
}

/** Such as ` (EVALSHA, GET)`, the most frequent first. */
function of(names: ReadonlyMap<string, number>): string {
  if (names.size === 0) return ''
  const shown = [...names]
    .sort(([, left], [, right]) => right - left)
    .slice(0, NAMES_SHOWN)
    .map(([name]) => name.replace('|', ' ').toUpperCase())
  return ` (${shown.join(', ')}${names.size > NAMES_SHOWN ? ', …' : ''})`
}
