import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { DoorCounts } from './door.js'
import { connectsUnderWay } from './connects-under-way.js'

const PROBE_EVERY_MS = 500
/** A connect on loopback takes less than one. */
const HANGS_AFTER_MS = 100
/** Connections that a queue may take although it should have had no room. */
const MAX_FILLERS = 8

type Outcome = 'hung' | 'connected' | 'refused'
type Counts = Pick<DoorCounts, 'connectsHung' | 'connectsNotHung' | 'connectsWaiting'>

/** Looks again and again whether connects to a port hang, ours and those of others. */
export class HungConnects {
  readonly #host: string
  readonly #port: number
  readonly #counts: Counts
  readonly #fillers: Socket[] = []
  readonly #seen = new Set<number>()
  #probe: Socket | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(host: string, port: number, counts: Counts) {
    this.#host = host
    this.#port = port
    this.#counts = counts
  }

  /** Resolves when a connect of ours hangs, or when it is plain that none will. */
  async watch(): Promise<void> {
    let outcome = await this.#connect()
    while (outcome === 'connected' && this.#fillers.length < MAX_FILLERS) outcome = await this.#connect()
    this.#count(outcome)
    const look = () => void this.#look().finally(() => this.#again(look))
    this.#again(look)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#probe?.destroy()
    for (const filler of this.#fillers) filler.destroy()
  }

  #again(look: () => void): void {
    if (!this.#stopped) this.#timer = setTimeout(look, PROBE_EVERY_MS).unref()
  }

  async #look(): Promise<void> {
    const outcome = await this.#connect()
    const waiting = await connectsUnderWay(this.#port)
    if (this.#stopped) return
    this.#count(outcome)
    for (const port of waiting) {
      if (!this.#seen.has(port)) this.#counts.connectsWaiting++
      this.#seen.add(port)
    }
  }

  /** One that is answered is kept: it takes a place in the queue. */
  async #connect(): Promise<Outcome> {
    if (this.#stopped) return 'refused'
    const socket = connect({ host: this.#host, port: this.#port })
    let outcome = 'hung' as Outcome
    socket.on('connect', () => (outcome = 'connected'))
    socket.on('error', () => (outcome = 'refused'))
    this.#probe = socket
    await sleep(HANGS_AFTER_MS, undefined, { ref: false })
    // On a busy machine the time is up before what has happened in it was heard of.
    await nextTurn()
    if (outcome === 'connected' && !this.#stopped) this.#fillers.push(socket)
    else socket.destroy()
    return outcome
  }

  #count(outcome: Outcome): void {
    if (this.#stopped) return
    if (outcome === 'hung') this.#counts.connectsHung++
    else this.#counts.connectsNotHung++
  }
}
