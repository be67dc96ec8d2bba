import type { Socket } from 'node:net'
import type { Spoken } from '../resp/pairing.js'
import type { Rule } from '../resp/rule.js'
import type { DoorCounts } from './door.js'
import { Lane, type Holding } from './lane.js'
import { connectTo, type Upstream } from './upstream.js'

/** What a door in its present state does to a connection that it lets live. */
export interface Passage {
  holding: Holding
  rule: Rule | null
}

/** Follows what one connection's client and server say, and may change it. */
export interface Interpreter {
  /** What the server gets in place of a chunk. */
  fromClient(chunk: Buffer): Buffer[]
  fromServer(chunk: Buffer): Spoken
  obey(rule: Rule | null): void
  /** No more of the client's can be taken for now. */
  readonly isFull: boolean
}

/** One client's connection and its counterpart to the server. */
export class Link {
  readonly #client: Socket
  readonly #upstream: Socket
  readonly #toServer: Lane
  readonly #toClient: Lane
  readonly #conversation: Interpreter
  #holding: Holding
  #cutShort = false

  constructor(
    client: Socket,
    server: Upstream,
    holding: Holding,
    conversation: Interpreter,
    counts: DoorCounts,
    onGone: () => void,
  ) {
    this.#client = client
    this.#holding = holding
    this.#conversation = conversation
    const upstream = connectTo(server)
    this.#upstream = upstream
    this.#toServer = new Lane(client, upstream, {
      holding,
      through: (chunk) => conversation.fromClient(chunk),
      isFull: () => conversation.isFull,
      onHeld: (bytes) => (counts.bytesHeldToServer += bytes),
      onDelayed: (bytes) => (counts.bytesDelayedToServer += bytes),
      onPassed: (bytes) => (counts.bytesToServer += bytes),
      onEmpty: () => {},
    })
    this.#toClient = new Lane(upstream, client, {
      holding,
      through: (chunk) => this.#reply(chunk),
      isFull: () => false,
      onHeld: (bytes) => (counts.bytesHeldToClient += bytes),
      onDelayed: (bytes) => (counts.bytesDelayedToClient += bytes),
      onPassed: (bytes) => (counts.bytesToClient += bytes),
      onEmpty: () => this.#followUpstream(),
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

  enter({ holding, rule }: Passage): void {
    this.#holding = holding
    this.#conversation.obey(rule)
    this.#toServer.hold(holding)
    this.#toClient.hold(holding)
    this.#followUpstream()
  }

  cut(): void {
    this.#end(() => this.#client.destroy())
  }

  /** As `cut`, but the client hears of it by a reset instead of an end. */
  reset(): void {
    this.#end(() => this.#client.resetAndDestroy())
  }

  #end(how: () => void): void {
    this.#toServer.drop()
    this.#toClient.drop()
    how()
    this.#upstream.destroy()
  }

  #reply(chunk: Buffer): Buffer[] {
    if (this.#cutShort) return []
    const wasFull = this.#conversation.isFull
    const { bytes, cut } = this.#conversation.fromServer(chunk)
    if (wasFull && !this.#conversation.isFull) this.#toServer.reconsider()
    if (cut) {
      this.#cutShort = true
      // The client still gets what has been said until here.
      setImmediate(() => this.#end(() => this.#client.destroySoon()))
    }
    return bytes
  }

  /**
   * A server that is gone takes its client with it, once the client has all that the server said. The reverse does not
   * hold: the server must be able to read to the end what a client sent that is gone, so it only gets its end.
   */
  #followUpstream(): void {
    if (this.#upstream.destroyed && this.#holding !== 'hold' && this.#toClient.isEmpty)
      this.#client.destroySoon()
  }
}
