import type { Server, Socket } from 'node:net'
import { Conversation } from '../resp/conversation.js'
import type { Rule } from '../resp/rule.js'
import { ScriptShelf } from '../resp/script-shelf.js'
import { ClosedPort } from './closed-port.js'
import { noCounts } from './counts.js'
import type { DoorCounts, TcpDoor } from './door.js'
import { plainBytes } from './plain-bytes.js'
import { Link, type Passage } from './link.js'
import { listen } from './listener.js'
import type { Upstream } from './upstream.js'

export interface TcpDoorOptions {
  upstream: Upstream
  /** Default: 127.0.0.1. */
  host?: string
  /** Default: a free one. */
  port?: number
  /** Takes what passes for bytes, and understands nothing of it: `interfere` changes nothing. */
  deaf?: boolean
}

const REOPEN_PATIENCE_MS = 3000

/** `listens`: in which clients can connect; they then meet the passage, or the reset. */
type State =
  | { listens: true; name: string; passage: Passage | 'reset' }
  | { listens: false; name: 'refusing' | 'closed' }

const OPEN: State = { listens: true, name: 'open', passage: { holding: 'pass', rule: null } }
const STALLED: State = { listens: true, name: 'stalled', passage: { holding: 'hold', rule: null } }
const RESETTING: State = { listens: true, name: 'resetting', passage: 'reset' }
const REFUSING: State = { listens: false, name: 'refusing' }
const CLOSED: State = { listens: false, name: 'closed' }

/**
 * Opens a door to `upstream`, which need not be there yet: a client whose counterpart cannot be reached is cut.
 *
 * Throws EnvironmentError `PORT_TAKEN` when `port` is taken.
 */
export async function createTcpDoor(options: TcpDoorOptions): Promise<TcpDoor> {
  const door = new Door(options)
  await door.start(options.port)
  return door
}

class Door implements TcpDoor {
  readonly protocol = 'resp'
  readonly host: string
  port = 0
  readonly #upstream: Upstream
  readonly #deaf: boolean
  readonly #links = new Set<Link>()
  readonly #counts: DoorCounts = noCounts()
  readonly #scripts = new ScriptShelf()
  readonly #closedPort = new ClosedPort(this.#counts)
  #state: State = OPEN
  #listener: Server | undefined
  #flapping: NodeJS.Timeout | undefined
  /** Changes wait for one another: a fault may be lifted while it is still being applied. */
  #lastChange: Promise<void> = Promise.resolve()

  constructor({ upstream, host = '127.0.0.1', deaf = false }: TcpDoorOptions) {
    this.#upstream = upstream
    this.#deaf = deaf
    this.host = host
  }

  async start(port: number | undefined): Promise<void> {
    await this.#listen(port, 0)
  }

  counts(): DoorCounts {
    return { ...this.#counts }
  }

  openConnections(): number {
    return [...this.#links].filter((link) => link.isOpen).length
  }

  refuse(): Promise<void> {
    return this.#become(REFUSING)
  }

  stall(): Promise<void> {
    return this.#become(STALLED)
  }

  reset(): Promise<void> {
    return this.#become(RESETTING)
  }

  delay(delayMs: () => number): Promise<void> {
    return this.#become({ listens: true, name: 'slow', passage: { holding: { delayMs }, rule: null } })
  }

  interfere(rule: Rule): Promise<void> {
    return this.#become({ listens: true, name: 'interfering', passage: { holding: 'pass', rule } })
  }

  open(): Promise<void> {
    return this.#become(OPEN)
  }

  async flap({ closedMs, openMs }: { closedMs: number; openMs: number }): Promise<void> {
    const turn = async (state: State): Promise<void> => {
      await this.#enter(state)
      const next = state === REFUSING ? OPEN : REFUSING
      const again = () => {
        const flapping = this.#flapping
        // A port that a stranger has taken meanwhile is tried again at the next turn.
        const turning = this.#lastChange.then(async () => {
          if (flapping === this.#flapping && this.#state !== CLOSED) await turn(next).catch(() => turn(state))
        })
        this.#lastChange = turning.catch(() => {})
      }
      this.#flapping = setTimeout(again, state === REFUSING ? closedMs : openMs).unref()
    }
    return this.#change(() => turn(REFUSING))
  }

  close(): Promise<void> {
    const closed = this.#lastChange.then(() => {
      this.#state = CLOSED
      this.#stopFlapping()
      this.#closedPort.stop()
      this.#listener?.close()
      for (const link of this.#links) link.cut()
    })
    this.#lastChange = closed
    return closed
  }

  #become(state: State): Promise<void> {
    return this.#change(() => this.#enter(state))
  }

  #change(change: () => Promise<void>): Promise<void> {
    const changed = this.#lastChange.then(() => {
      if (this.#state === CLOSED) throw new Error(`the door on port ${this.port} is closed`)
      this.#stopFlapping()
      return change()
    })
    this.#lastChange = changed.catch(() => {})
    return changed
  }

  async #enter(state: State): Promise<void> {
    if (state === this.#state) return
    if (!state.listens) return this.#shut(state)
    const { passage } = state
    if (!this.#state.listens) return this.#reopen(state)
    this.#state = state
    for (const link of this.#links) {
      if (!link.isOpen) {
        // Its client has gone; what it sent may still have to reach the server.
        if (passage !== 'reset') link.enter(passage)
      } else if (passage === 'reset') {
        this.#counts.connectionsReset++
        link.reset()
      } else {
        if (passage.holding === 'hold') this.#counts.connectionsHeld++
        link.enter(passage)
      }
    }
  }

  async #shut(state: State): Promise<void> {
    this.#state = state
    this.#listener?.close()
    this.#counts.timesClosed++
    for (const link of this.#links) {
      if (link.isOpen) this.#counts.connectionsCut++
      link.cut()
    }
    await this.#closedPort.watch(this.host, this.port)
  }

  async #reopen(state: State): Promise<void> {
    this.#closedPort.stop()
    await this.#closedPort.look(this.host, this.port)
    this.#state = state
    try {
      await this.#listen(this.port, REOPEN_PATIENCE_MS)
    } catch (error) {
      this.#state = REFUSING
      throw error
    }
  }

  async #listen(port: number | undefined, patienceMs: number): Promise<void> {
    const onConnection = (socket: Socket) => this.#accept(socket)
    const listening = await listen({ host: this.host, port, patienceMs, onConnection })
    this.#listener = listening.server
    this.port = listening.port
  }

  #accept(client: Socket): void {
    this.#counts.connectionsAccepted++
    // A connection may still come out of the queue of a port that has just been closed.
    const passage = this.#state.listens ? this.#state.passage : 'reset'
    if (passage === 'reset') {
      this.#counts.connectionsReset++
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    if (passage.holding === 'hold') this.#counts.connectionsHeld++
    const conversation = this.#deaf ? plainBytes : new Conversation(passage.rule, this.#scripts, this.#counts)
    const link = new Link(client, this.#upstream, passage.holding, conversation, this.#counts, () =>
      this.#links.delete(link),
    )
    this.#links.add(link)
  }

  #stopFlapping(): void {
    clearTimeout(this.#flapping)
    this.#flapping = undefined
  }
}
