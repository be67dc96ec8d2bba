import { connect, type Socket } from 'node:net'
import type { DoorCounts } from './door.js'
import { Lane } from './lane.js'

/** One client's connection and its counterpart to the server. */
export class Link {
  readonly #client: Socket
  readonly #upstream: Socket
  readonly #toServer: Lane
  readonly #toClient: Lane
  #stalled: boolean

  constructor(
    client: Socket,
    server: { host: string; port: number },
    stalled: boolean,
    counts: DoorCounts,
    onGone: () => void,
  ) {
    this.#client = client
    this.#stalled = stalled
    const upstream = connect({ ...server, noDelay: true, allowHalfOpen: true })
    this.#upstream = upstream
    this.#toServer = new Lane(client, upstream, stalled, {
      held: (bytes) => (counts.bytesHeldToServer += bytes),
      passed: (bytes) => (counts.bytesToServer += bytes),
    })
    this.#toClient = new Lane(upstream, client, stalled, {
      held: (bytes) => (counts.bytesHeldToClient += bytes),
      passed: (bytes) => (counts.bytesToClient += bytes),
    })
    for (const socket of [client, upstream]) {
      // Every error is followed by `close`, which is what we act on.
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#followUpstream()
        if (client.destroyed && upstream.destroyed) onGone()
      })
    }
  }

  get isOpen(): boolean {
    return !this.#client.destroyed
  }

  stall(): void {
    this.#stalled = true
    this.#toServer.stall()
    this.#toClient.stall()
  }

  open(): void {
    this.#stalled = false
    this.#toServer.open()
    this.#toClient.open()
    this.#followUpstream()
  }

  cut(): void {
    this.#client.destroy()
    this.#upstream.destroy()
  }

  /**
   * A server that is gone takes its client with it, once the client has all that the server said. The reverse does not
   * hold: the server must be able to read to the end what a client sent that is gone, so it only gets its end.
   */
  #followUpstream(): void {
    if (this.#upstream.destroyed && !this.#stalled) this.#client.destroySoon()
  }
}
