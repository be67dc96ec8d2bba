import type { Door, DoorCounts } from '../faults/doors/door.js'
import type { Fault } from '../faults/fault.js'
import { faults } from '../faults/index.js'

/** What the door itself saw of a fault: a test that passes under a fault which nobody met has shown nothing. */
export interface FaultSighting {
  /** Whether at least one client met it. */
  readonly witnessed: boolean
  /** In words and numbers, such as `1 connection cut; 12 of 12 connects refused`. */
  readonly evidence: string
}

/**
 * A proxy on loopback between a client and its server that fails as a network or a server would. The server behind it
 * stays as it is, and so does whoever reaches it another way.
 */
export interface FaultDoor<Name extends string> {
  /** What to give the client in place of the server's own URL; credentials and path are kept. */
  readonly url: string
  /** `127.0.0.1`. */
  readonly host: string
  /** Its own; the same as long as it is open. */
  readonly port: number
  /**
   * Fails this way from now on, instead of the way before. Resolves when it does.
   * @throws RangeError for a fault that this door does not know
   */
  apply(fault: Name): Promise<void>
  /**
   * Lets everything through again, and delivers what was held back, as a network does.
   * @returns what was seen of the fault that this ends; null when none was applied
   */
  lift(): Promise<FaultSighting | null>
  /** What has been seen so far of the fault that is applied; null when none is. */
  sighting(): FaultSighting | null
  /** How many clients are connected right now. */
  openConnections(): number
  /** Cuts everything and frees the port for good. Idempotent. */
  close(): Promise<void>
}

export class NamedFaultDoor<Name extends string> implements FaultDoor<Name> {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly #door: Door
  #applied: { fault: Fault; atFault: DoorCounts } | null = null

  /** @param upstream the server's own URL */
  constructor(door: Door, upstream: URL) {
    const url = new URL(upstream)
    url.host = `${door.host}:${door.port}`
    // As services print it: the path that a URL always has is no part of it.
    this.url = url.href.replace(/^(\w+:\/\/[^/]+)\/$/, '$1')
    this.host = door.host
    this.port = door.port
    this.#door = door
  }

  async apply(name: Name): Promise<void> {
    const { protocol } = this.#door
    const known = faults.filter(({ protocols, needs }) => protocols.includes(protocol) && needs === undefined)
    const fault = known.find((candidate) => candidate.name === name)
    if (!fault) {
      const names = known.map((candidate) => candidate.name).join(', ')
      throw new RangeError(`${JSON.stringify(name)} is no fault of this door; it knows ${names}`)
    }
    const atFault = this.#door.counts()
    await fault.apply(this.#door)
    this.#applied = { fault, atFault }
  }

  async lift(): Promise<FaultSighting | null> {
    const seen = this.sighting()
    await (this.#applied?.fault.lift(this.#door) ?? this.#door.open())
    this.#applied = null
    return seen
  }

  sighting(): FaultSighting | null {
    if (!this.#applied) return null
    const { fault, atFault } = this.#applied
    const { witnessed, evidence } = fault.witness(atFault, this.#door.counts())
    return { witnessed, evidence }
  }

  openConnections(): number {
    return this.#door.openConnections()
  }

  close(): Promise<void> {
    return this.#door.close()
  }
}
