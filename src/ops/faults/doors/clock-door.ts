import type { Door, DoorCounts } from './door.js'

/** The clock of the process that meets the fault, and of nobody else. */
export interface FaultyClock {
  /** Where there is nothing to move it with: it stays right, and `clocksFixed` says so. */
  wrongBy(ms: number): Promise<void>
  /**
   * Wrong by the first for as long as it says, then by the next; the last one stays. Whatever is set later, also `wrongBy`, ends it.
   */
  follow(steps: readonly { byMs: number; forMs: number }[]): Promise<void>
  counts(): ClockCounts
}

export interface ClockCounts {
  /** Times that a process under this clock was seen to be ahead of the server, or behind it, by what was asked for. */
  jumpsAhead: number
  jumpsBehind: number
  /** 1 where it cannot be moved. */
  clocksFixed: number
}

/** A door, and the clock of who comes through it. */
export interface ClockDoor extends Door {
  readonly clock: FaultyClock
  counts(): DoorCounts & ClockCounts
}

/** The same door, which now knows that clock. */
export function clockDoor(door: Door, clock: FaultyClock): ClockDoor {
  const counts = door.counts.bind(door)
  return Object.assign(door, { clock, counts: () => ({ ...counts(), ...clock.counts() }) })
}
