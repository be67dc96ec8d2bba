import type { RestRule } from '../rest/rule.js'
import type { DoorCounts, RestDoor, TcpDoor } from './door.js'
import { startRestProxy, type RestProxy } from './rest-proxy.js'
import { createTcpDoor } from './tcp.js'

export interface RestDoorOptions {
  /** Where the REST API listens, in plain HTTP. */
  upstream: { host: string; port: number }
  /** @default a free one */
  port?: number
}

/**
 * Opens a door to a REST API: an HTTP proxy, and in front of it a door for bytes, so that what a network does to a
 * connection is made by the same code as in front of Redis.
 *
 * Throws EnvironmentError `PORT_TAKEN` when `port` is taken.
 */
export async function createRestDoor({ upstream, port }: RestDoorOptions): Promise<RestDoor> {
  const proxy = await startRestProxy(upstream)
  try {
    const front = await createTcpDoor({ upstream: proxy, deaf: true, ...(port !== undefined && { port }) })
    return new FrontedProxy(front, proxy)
  } catch (error) {
    await proxy.close()
    throw error
  }
}

class FrontedProxy implements RestDoor {
  readonly protocol = 'rest'
  readonly #front: TcpDoor
  readonly #proxy: RestProxy

  constructor(front: TcpDoor, proxy: RestProxy) {
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

  refuse = () => this.#of((front) => front.refuse())
  stall = () => this.#of((front) => front.stall())
  reset = () => this.#of((front) => front.reset())
  flap = (cycle: Parameters<TcpDoor['flap']>[0]) => this.#of((front) => front.flap(cycle))
  delay = (delayMs: () => number) => this.#of((front) => front.delay(delayMs))
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
