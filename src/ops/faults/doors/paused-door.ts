import type { PausableServer, PauseCounts } from '../pausable-server.js'
import type { DoorCounts, TcpDoor } from './door.js'

/** A door whose server can be told to let its clients wait. */
export interface PausedDoor extends TcpDoor {
  readonly server: PausableServer
  counts(): DoorCounts & PauseCounts
}

/** The same door, which now knows its server. */
export function pausedDoor(door: TcpDoor, server: PausableServer): PausedDoor {
  const counts = door.counts.bind(door)
  return Object.assign(door, { server, counts: () => ({ ...counts(), ...server.counts() }) })
}
