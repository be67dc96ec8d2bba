import type { Server, Socket } from 'node:net'
import { ClosedPort } from './closed-port.js'
import type { DoorCounts } from './door.js'
import { FullQueue } from './full-queue.js'
import { HungConnects } from './hung-connects.js'
import { listen } from './listener.js'

/** What a connect meets: somebody who accepts, a refusal of the kernel, or nothing at all. */
export type PortState = 'open' | 'closed' | 'full'

const REOPEN_PATIENCE_MS = 3000

/** The port of a door, which is the same for good, in whatever state. */
export class Port {
  readonly #host: string
  readonly #counts: DoorCounts
  readonly #onConnection: (socket: Socket) => void
  readonly #closedPort: ClosedPort
  #number = 0
  #state: PortState = 'closed'
  #listener: Server | undefined
  #queue: FullQueue | undefined
  #hung: HungConnects | undefined

  constructor(host: string, counts: DoorCounts, onConnection: (socket: Socket) => void) {
    this.#host = host
    this.#counts = counts
    this.#onConnection = onConnection
    this.#closedPort = new ClosedPort(counts)
  }

  get number(): number {
    return this.#number
  }

  /** Throws EnvironmentError `PORT_TAKEN` when `port` is taken. */
  start(port: number | undefined): Promise<void> {
    return this.#listen(port, 0)
  }

  /** Whoever connects from the call on meets the new state, or a refusal. It throws as `start`, and is closed then. */
  async become(state: PortState): Promise<void> {
    const before = this.#state
    if (state === before) return
    this.#state = state
    if (state === 'closed') this.#shut()
    if (state === 'full') return this.#fill()
    await this.#empty()
    if (state === 'closed') return this.#closedPort.watch(this.#host, this.#number)
    this.#closedPort.stop()
    if (before === 'closed') await this.#closedPort.look(this.#host, this.#number)
    try {
      await this.#listen(this.#number, REOPEN_PATIENCE_MS)
    } catch (error) {
      this.#state = 'closed'
      throw error
    }
  }

  /** Frees it for good. */
  async stop(): Promise<void> {
    this.#closedPort.stop()
    this.#listener?.close()
    await this.#empty()
  }

  async #listen(port: number | undefined, patienceMs: number): Promise<void> {
    const onConnection = this.#onConnection
    const listening = await listen({ host: this.#host, port, patienceMs, onConnection })
    this.#listener = listening.server
    this.#number = listening.port
    this.#state = 'open'
  }

  #shut(): void {
    this.#listener?.close()
    this.#counts.timesClosed++
  }

  async #fill(): Promise<void> {
    this.#closedPort.stop()
    this.#queue = await FullQueue.occupy(this.#host, this.#number, () => this.#listener?.close())
    this.#hung = new HungConnects(this.#host, this.#number, this.#counts)
    await this.#hung.watch()
  }

  async #empty(): Promise<void> {
    this.#hung?.stop()
    this.#hung = undefined
    await this.#queue?.release()
    this.#queue = undefined
  }
}
