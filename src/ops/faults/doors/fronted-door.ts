import type { Door, DoorCounts, DripPace, Protocol } from './door.js'
import type { Introduction } from './introductions.js'

/**
 * A door that is made of another one and of something behind or beside it: what a network does to a connection is made by
 * the same code everywhere, and replaces what was wrong with the rest.
 */
export abstract class FrontedDoor<Front extends Door = Door> implements Door {
  abstract readonly protocol: Protocol
  protected readonly front: Front

  constructor(front: Front) {
    this.front = front
  }

  get host(): string {
    return this.front.host
  }

  get port(): number {
    return this.front.port
  }

  openConnections(): number {
    return this.front.openConnections()
  }

  introductions(): Introduction[] {
    return this.front.introductions()
  }

  refuse = () => this.replace((front) => front.refuse())
  stall = () => this.replace((front) => front.stall())
  reset = () => this.replace((front) => front.reset())
  flap = (cycle: Parameters<Door['flap']>[0]) => this.replace((front) => front.flap(cycle))
  delay = (delayMs: () => number) => this.replace((front) => front.delay(delayMs))
  drip = (pace: DripPace) => this.replace((front) => front.drip(pace))
  blackhole = () => this.replace((front) => front.blackhole())
  forget = () => this.replace((front) => front.forget())
  endLate = (afterMs: number) => this.replace((front) => front.endLate(afterMs))
  open = () => this.replace((front) => front.open())

  protected async replace(change: (front: Front) => Promise<void>): Promise<void> {
    await change(this.front)
    this.mend()
  }

  abstract counts(): DoorCounts
  abstract close(): Promise<void>
  /** Lifts what is wrong besides the network. */
  protected abstract mend(): void
}
