import type { Server, Socket } from 'node:net'
import type { DoorCounts, TcpDoor } from './door.js'
import { Link } from './link.js'
import { isRefused, listen } from './listener.js'

export interface TcpDoorOptions {
  upstream: { host: string; port: number }
  /** Default: 127.0.0.1. */
  host?: string
  /** Default: a free one. */
  port?: number
}

const PROBE_EVERY_MS = 500
const REOPEN_PATIENCE_MS = 3000

/**
 * Opens a door to `upstream`, which need not be there yet: a client whose counterpart cannot be reached is cut.
 *
 * Throws EnvironmentError `PORT_TAKEN` when `port` is taken.
 */
export async function createTcpDoor(options: TcpDoorOptions): Promise<TcpDoor> {
  const door = new Door(options.upstream, options.host ?? '127.0.0.1')
  await door.start(options.port)
  return door
}

class Door implements TcpDoor {
  readonly host: string
  port = 0
  readonly #upstream: { host: string; port: number }
  readonly #links = new Set<Link>()
  readonly #counts: DoorCounts = {
    connectionsAccepted: 0,
    connectionsCut: 0,
    connectsRefused: 0,
    connectsNotRefused: 0,
    connectionsHeld: 0,
    bytesHeldToServer: 0,
    bytesHeldToClient: 0,
    bytesToServer: 0,
    bytesToClient: 0,
  }
  #state: 'open' | 'stalled' | 'refusing' | 'closed' = 'open'
  #listener: Server | undefined
  #probing: NodeJS.Timeout | undefined
  #lastProbe: Promise<void> = Promise.resolve()
  /** Changes wait for one another: a fault may be lifted while it is still being applied. */
  #lastChange: Promise<void> = Promise.resolve()

  constructor(upstream: { host: string; port: number }, host: string) {
    this.#upstream = upstream
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
    return this.#change(async () => {
      if (this.#state === 'refusing') return
      this.#state = 'refusing'
      this.#listener?.close()
      this.#cutAll()
      await this.#probe()
      this.#probing = setInterval(() => void this.#probe(), PROBE_EVERY_MS).unref()
    })
  }

  stall(): Promise<void> {
    return this.#change(async () => {
      if (this.#state === 'stalled') return
      if (this.#state === 'refusing') return this.#reopen('stalled')
      this.#state = 'stalled'
      for (const link of this.#links) {
        if (link.isOpen) this.#counts.connectionsHeld++
        link.stall()
      }
    })
  }

  open(): Promise<void> {
    return this.#change(async () => {
      if (this.#state === 'open') return
      if (this.#state === 'refusing') return this.#reopen('open')
      this.#state = 'open'
      for (const link of this.#links) link.open()
    })
  }

  close(): Promise<void> {
    const closed = this.#lastChange.then(() => {
      if (this.#state === 'closed') return
      this.#state = 'closed'
      clearInterval(this.#probing)
      this.#listener?.close()
      for (const link of this.#links) link.cut()
    })
    this.#lastChange = closed
    return closed
  }

  #change(change: () => Promise<void>): Promise<void> {
    const changed = this.#lastChange.then(() => {
      if (this.#state === 'closed') throw new Error(`the door on port ${this.port} is closed`)
      return change()
    })
    this.#lastChange = changed.catch(() => {})
    return changed
  }

  async #listen(port: number | undefined, patienceMs: number): Promise<void> {
    const onConnection = (socket: Socket) => this.#accept(socket)
    const listening = await listen({ host: this.host, port, patienceMs, onConnection })
    this.#listener = listening.server
    this.port = listening.port
  }

  #accept(client: Socket): void {
    const stalled = this.#state === 'stalled'
    this.#counts.connectionsAccepted++
    if (stalled) this.#counts.connectionsHeld++
    const link = new Link(client, this.#upstream, stalled, this.#counts, () => this.#links.delete(link))
    this.#links.add(link)
  }

  #cutAll(): void {
    for (const link of this.#links) {
      if (link.isOpen) this.#counts.connectionsCut++
      link.cut()
    }
  }

  #probe(): Promise<void> {
    this.#lastProbe = this.#lastProbe.then(async () => {
      if (await isRefused(this.host, this.port)) this.#counts.connectsRefused++
      else this.#counts.connectsNotRefused++
    })
    return this.#lastProbe
  }

  async #reopen(state: 'open' | 'stalled'): Promise<void> {
    clearInterval(this.#probing)
    await this.#probe()
    this.#state = state
    try {
      await this.#listen(this.port, REOPEN_PATIENCE_MS)
    } catch (error) {
      this.#state = 'refusing'
      throw error
    }
  }
}
