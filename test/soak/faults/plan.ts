import { seededRandom, shuffled } from '../../../src/ops/experiment/random.js'
import { doorFaults } from './door-faults.js'
import { serverFaults } from './server-faults.js'

export type Planned =
  | { kind: 'door'; fault: number; doors: number[]; ms: number }
  | { kind: 'server'; fault: number; ms: number }
  | { kind: 'kill' }

export interface Second {
  what: Planned
  /** The process that is spared for a while, so that it must be well again: see CYCLE. */
  spared: number | null
}

/** Of these seconds the last seven spare one process and the server. */
const CYCLE = 20
const SPARED_FROM = 13
const LONGEST_DOOR_FAULT_MS = 4000
const SHORTEST_MS = 200
/** Long enough for the shortest tombstone to come and go while a write is on its way. */
const LONG_STALL_MS = 2800

export const PROCESSES = 4
/** Lives and dies; the memory of the others is judged. */
export const MORTAL = 3

/** One fault for each second: the same seed gives the same ones. */
export function planFaults(seed: number, seconds: number): Second[] {
  const random = seededRandom(seed)
  return Array.from({ length: seconds }, (_, second) => {
    const spared = second % CYCLE < SPARED_FROM ? null : Math.floor(second / CYCLE) % PROCESSES
    return { what: drawn(random, spared), spared }
  })
}

function drawn(random: () => number, spared: number | null): Planned {
  const draw = random()
  const share = random()
  const fault = random()
  const victims = shuffled([0, 1, 2, 3], random).filter((each) => each !== spared)
  if (spared === null && draw < 0.3) {
    const index = Math.floor(fault * serverFaults.length)
    return { kind: 'server', fault: index, ms: lasting(share, serverFaults[index]!.longestMs) }
  }
  if (spared !== MORTAL && draw > 0.97) return { kind: 'kill' }
  const number = Math.min(1 + Math.floor(random() ** 3 * PROCESSES), victims.length)
  const index = Math.floor(fault * doorFaults.length)
  const isLong = doorFaults[index]!.name === 'stall' && random() < 0.5
  return {
    kind: 'door',
    fault: index,
    doors: victims.slice(0, number),
    ms: isLong ? LONG_STALL_MS + Math.round(share * 1000) : lasting(share, LONGEST_DOOR_FAULT_MS),
  }
}

/** Mostly short, sometimes long. */
function lasting(share: number, longestMs: number): number {
  return Math.min(longestMs, SHORTEST_MS + Math.round(share ** 2.5 * longestMs))
}
