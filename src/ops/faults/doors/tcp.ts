import type { Socket } from 'node:net'
import { Conversation } from '../resp/conversation.js'
import type { Rule } from '../resp/rule.js'
import { ScriptShelf } from '../resp/script-shelf.js'
import { noCounts } from './counts.js'
import type { DoorCounts, DripPace, TcpDoor } from './door.js'
import type { Fate, Loss, Passage } from './fate.js'
import { Introductions, type Introduction } from './introductions.js'
import { Link } from './link.js'
import type { Upstream } from './upstream.js'
import { plainBytes } from './plain-bytes.js'
import { Port } from './port.js'
import {
  BLACK_HOLE,
  CLOSED,
  delaying,
  dripping,
  endingLate,
  FORGETTING,
  interfering,
  OPEN,
  REFUSING,
  RESETTING,
  STALLED,
  turningAway,
  type State,
} from './state.js'

export interface TcpDoorOptions {
  upstream: Upstream
  /** Default: 127.0.0.1. */
  host?: string
  /** Default: a free one. */
  port?: number
  /** Takes what passes for bytes, and understands nothing of it: `interfere` changes nothing. */
  deaf?: boolean
}

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
  readonly #upstream: Upstream
  readonly #deaf: boolean
  readonly #links = new Set<Link>()
  readonly #counts: DoorCounts = noCounts()
  readonly #scripts = new ScriptShelf()
  readonly #decisions = { taken: 0 }
  readonly #introductions = new Introductions()
  readonly #port: Port
  #state: State = OPEN
  #flapping: NodeJS.Timeout | undefined
  /** Changes wait for one another: a fault may be lifted while it is still being applied. */
  #lastChange: Promise<void> = Promise.resolve()

  constructor({ upstream, host = '127.0.0.1', deaf = false }: TcpDoorOptions) {
    this.#upstream = upstream
    this.#deaf = deaf
    this.host = host
    this.#port = new Port(host, this.#counts, (socket) => this.#accept(socket))
  }

  get port(): number {
    return this.#port.number
  }

  start(port: number | undefined): Promise<void> {
    return this.#port.start(port)
  }

  counts(): DoorCounts {
    return { ...this.#counts }
  }

  openConnections(): number {
    return [...this.#links].filter((link) => link.isOpen).length
  }

  introductions(): Introduction[] {
    return this.#introductions.list()
  }

  refuse = () => this.#become(REFUSING)
  stall = () => this.#become(STALLED)
  reset = () => this.#become(RESETTING)
  blackhole = () => this.#become(BLACK_HOLE)
  forget = () => this.#become(FORGETTING)
  open = () => this.#become(OPEN)
  delay = (delayMs: () => number) => this.#become(delaying(delayMs))
  drip = (pace: DripPace) => this.#become(dripping(pace))
  endLate = (afterMs: number) => this.#become(endingLate(afterMs))
  interfere = (rule: Rule, options?: { endsOpen: true }) => this.#become(interfering(rule, options))
  turnAway = (line: string) => this.#become(turningAway(line))

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
      for (const link of this.#links) link.cut()
      return this.#port.stop()
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
    this.#state = state
    const changed = this.#port.become(state.port)
    this.#treat(state.established)
    try {
      await changed
    } catch (error) {
      this.#state = REFUSING
      this.#treat(REFUSING.established)
      throw error
    }
  }

  #treat(fate: Fate): void {
    for (const link of this.#links) {
      if (fate === 'cut') {
        if (link.isOpen) this.#counts.connectionsCut++
        link.cut()
      } else if (link.isLost || (fate === 'reset' && link.isOpen)) {
        if (link.isOpen) this.#counts.connectionsReset++
        link.reset()
        // Of a client that has gone, what it sent may still have to reach the server.
      } else if (fate !== 'reset') this.#decide(link, fate)
    }
  }

  #accept(client: Socket): void {
    this.#counts.connectionsAccepted++
    const fate = this.#state.arriving
    if (fate === 'reset' || fate === 'cut') {
      this.#counts.connectionsReset++
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    if ('says' in fate) {
      this.#counts.connectionsTurnedAway++
      client.on('error', () => {})
      client.end(fate.says, () => client.destroy())
      return
    }
    const [holding, rule] = 'holding' in fate ? [fate.holding, fate.rule] : (['hold', null] as const)
    const conversation = this.#deaf
      ? plainBytes
      : new Conversation(rule, this.#scripts, this.#counts, this.#decisions, this.#introductions)
    const link = new Link(client, this.#upstream, holding, conversation, this.#counts, () =>
      this.#links.delete(link),
    )
    this.#links.add(link)
    this.#decide(link, fate)
  }

  #decide(link: Link, fate: Passage | Loss): void {
    if (!('holding' in fate)) return link.lose(fate)
    if (fate.holding === 'hold' && link.isOpen) this.#counts.connectionsHeld++
    link.enter(fate)
  }

  #stopFlapping(): void {
    clearTimeout(this.#flapping)
    this.#flapping = undefined
  }
}
