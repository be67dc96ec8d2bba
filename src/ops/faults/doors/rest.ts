import type { RestRule } from '../rest/rule.js'
import type { DoorCounts, DripPace, RestDoor, TcpDoor } from './door.js'
import type { Introduction } from './introductions.js'
import { startRestProxy, type OnRequest, type RestProxy } from './rest-proxy.js'
import { createTcpDoor } from './tcp.js'
import type { Upstream } from './upstream.js'

export interface RestDoorOptions {
  /** Where the REST API listens. */
  upstream: Upstream
  /** @default a free one */
  port?: number
  /** What is spoken behind it. @default 'rest' */
  protocol?: RestDoor['protocol']
  /** Told of each request that reached the door whole, before it is treated. */
  onRequest?: OnRequest
}

/**
 * Opens a door to a REST API: an HTTP proxy, and in front of it a door for bytes, so that what a network does to a
 * connection is made by the same code as in front of Redis.
 *
 * Throws EnvironmentError `PORT_TAKEN` when `port` is taken.
 */
export async function createRestDoor(options: RestDoorOptions): Promise<RestDoor> {
  const { upstream, port, protocol = 'rest', onRequest } = options
  const proxy = await startRestProxy(upstream, onRequest)
  try {
    const { host } = proxy
    const front = await createTcpDoor({
      upstream: { host, port: proxy.port },
      deaf: true,
      ...(port !== undefined && { port }),
    })
    return new FrontedProxy(protocol, front, proxy)
  } catch (error) {
    await proxy.close()
    throw error
  }
}

class FrontedProxy implements RestDoor {
  readonly protocol: RestDoor['protocol']
  readonly #front: TcpDoor
  readonly #proxy: RestProxy

  constructor(protocol: RestDoor['protocol'], front: TcpDoor, proxy: RestProxy) {
    this.protocol = protocol
    this.#front = front
    this.#proxy = proxy
  }

  get host(): string {
    return this.#front.host
  }

  get port(): number {
    return this.#front.port
  }

  counts(): DoorCounts {
    return { ...this.#front.counts(), ...this.#proxy.counts() }
  }

  openConnections(): number {
    return this.#front.openConnections()
  }

  introductions(): Introduction[] {
    return this.#proxy.introductions()
  }

  refuse = () => this.#of((front) => front.refuse())
  stall = () => this.#of((front) => front.stall())
  reset = () => this.#of((front) => front.reset())
  flap = (cycle: Parameters<TcpDoor['flap']>[0]) => this.#of((front) => front.flap(cycle))
  delay = (delayMs: () => number) => this.#of((front) => front.delay(delayMs))
  drip = (pace: DripPace) => this.#of((front) => front.drip(pace))
  blackhole = () => this.#of((front) => front.blackhole())
  forget = () => this.#of((front) => front.forget())
  endLate = (afterMs: number) => this.#of((front) => front.endLate(afterMs))
  open = () => this.#of((front) => front.open())

  async interfere(rule: RestRule): Promise<void> {
    await this.#front.open()
    this.#proxy.obey(rule)
  }

  async close(): Promise<void> {
    await this.#front.close()
    await this.#proxy.close()
  }

  /** The network's state replaces what was wrong with the service. */
  async #of(change: (front: TcpDoor) => Promise<void>): Promise<void> {
    await change(this.#front)
    this.#proxy.obey(null)
  }
}
