import type { FaultyServer, ServerCounts } from '../faulty-server.js'
import type { DoorCounts, TcpDoor } from './door.js'

/** A door whose server is ours to harm. */
export interface ServedDoor extends TcpDoor {
  readonly server: FaultyServer
  counts(): ServedCounts
}

/** One whose server has a replica that could take its place. */
export interface StandbyDoor extends ServedDoor {
  readonly standby: FaultyServer
}

/** What the door counted, and what was done to the server behind it. */
export type ServedCounts = DoorCounts & ServerCounts

/** The same door, which now knows its server. */
export function servedDoor<Servers extends { server: FaultyServer }>(
  door: TcpDoor,
  servers: Servers,
): TcpDoor & Servers & ServedDoor {
  const counts = door.counts.bind(door)
  return Object.assign(door, servers, { counts: () => ({ ...counts(), ...servers.server.counts() }) })
}
