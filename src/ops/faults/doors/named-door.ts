import type { Door, DoorCounts, NamedDoor, Protocol } from './door.js'
import { FrontedDoor } from './fronted-door.js'
import { startNameServer, type NameServer } from './name-server.js'

/** A name that no resolver outside may ever answer for (RFC 6761), so that who does not ask ours never gets anywhere. */
const NAME = 'redis.cache-drill.invalid'

/** Puts a name in front of a door, which ends with it. */
export async function createNamedDoor(door: Door): Promise<NamedDoor> {
  return new DoorWithName(door, await startNameServer(NAME, door.host))
}

class DoorWithName extends FrontedDoor implements NamedDoor {
  readonly protocol: Protocol
  readonly #names: NameServer

  constructor(door: Door, names: NameServer) {
    super(door)
    this.protocol = door.protocol
    this.#names = names
  }

  get name(): string {
    return this.#names.name
  }

  get resolver(): { host: string; port: number } {
    return { host: this.#names.host, port: this.#names.port }
  }

  counts(): DoorCounts {
    return { ...this.front.counts(), ...this.#names.counts() }
  }

  async loseName(): Promise<void> {
    this.#names.know(false)
    await this.front.refuse()
  }

  async close(): Promise<void> {
    await this.front.close()
    await this.#names.close()
  }

  protected mend(): void {
    this.#names.know(true)
  }
}
