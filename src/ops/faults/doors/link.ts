import type { Socket } from 'node:net'
import type { Spoken } from '../resp/pairing.js'
import type { Rule } from '../resp/rule.js'
import type { DoorCounts } from './door.js'
import type { Loss, Passage } from './fate.js'
import { Lane, type Holding } from './lane.js'
import { connectTo, type Upstream } from './upstream.js'

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
  readonly #counts: DoorCounts
  #holding: Holding
  #cutShort = false
  #loss: { timer: NodeJS.Timeout | undefined } | null = null
  /** It is there, and neither we nor it have ended that. */
  #serverIsIn = false

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
    this.#counts = counts
    const upstream = connectTo(server)
    this.#upstream = upstream
    this.#toServer = new Lane(client, upstream, {
      holding,
      through: (chunk) => conversation.fromClient(chunk),
      isFull: () => conversation.isFull,
      onHeld: (bytes) => (counts[this.#loss ? 'bytesLostToServer' : 'bytesHeldToServer'] += bytes),
      onDelayed: (bytes) => (counts.bytesDelayedToServer += bytes),
      onPassed: (bytes) => (counts.bytesToServer += bytes),
      onEmpty: () => {},
    })
    this.#toClient = new Lane(upstream, client, {
      holding,
      through: (chunk) => this.#reply(chunk),
      isFull: () => false,
      onHeld: (bytes) => (counts[this.#loss ? 'bytesLostToClient' : 'bytesHeldToClient'] += bytes),
      onDelayed: (bytes) => (counts.bytesDelayedToClient += bytes),
      onPassed: (bytes) => (counts.bytesToClient += bytes),
      onEmpty: () => this.#followUpstream(),
    })
    upstream.once('connect', () => (this.#serverIsIn = true))
    for (const sign of ['end', 'close']) {
      upstream.once(sign, () => {
        if (this.#serverIsIn && !client.destroyed && !client.readableEnded) counts.connectionsEnded++
        this.#serverIsIn = false
      })
    }
    for (const socket of [client, upstream]) {
      // Every error is followed by `close`, which is what we act on.
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#followUpstream()
        if (!client.destroyed || !upstream.destroyed) return
        clearTimeout(this.#loss?.timer)
        onGone()
      })
    }
  }

  get isOpen(): boolean {
    return !this.#client.destroyed
  }

  /** Nothing of it arrives any more, for good: the next change, whatever it is, ends it by a reset. */
  get isLost(): boolean {
    return this.#loss !== null
  }

  enter({ holding, rule }: Passage): void {
    this.#holding = holding
    this.#conversation.obey(rule)
    this.#toServer.hold(holding)
    this.#toClient.hold(holding)
    this.#followUpstream()
  }

  /** With a time, the server ends it now, and its client hears of it then. */
  lose({ endsAfterMs }: Loss): void {
    this.#counts.connectionsLost++
    this.#loss = { timer: undefined }
    this.enter({ holding: 'hold', rule: null })
    if (endsAfterMs === null) return
    this.#upstream.destroy()
    this.#loss.timer = setTimeout(() => {
      this.#counts.connectionsEndedLate++
      this.#end(() => this.#client.destroySoon())
    }, endsAfterMs).unref()
  }

  cut(): void {
    this.#end(() => this.#client.destroy())
  }

  /** As `cut`, but the client hears of it by a reset instead of an end. */
  reset(): void {
    this.#end(() => this.#client.resetAndDestroy())
  }

  #end(how: () => void): void {
    clearTimeout(this.#loss?.timer)
    this.#serverIsIn = false
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
