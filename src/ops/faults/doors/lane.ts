import type { Socket } from 'node:net'
import type { DripPace } from './door.js'

/** How much of a direction is read, and kept, before reading stops and the sender feels it. */
export const MAX_HELD_BYTES = 64 * 1024
/** As much as may be on its way at once over a slow path. */
const MAX_DELAYED_BYTES = 1024 * 1024

/** A chunk that waits costs some hundred bytes besides its own. */
const MAX_WAITING = 10_000

/** What happens to bytes that arrive: they pass, wait for the heal, wait for a time of their own, or take turns. */
export type Holding = 'pass' | 'hold' | { delayMs: () => number } | DripPace

export interface LaneOptions {
  holding: Holding
  /** What is written in place of what has arrived; more may be left than was taken. */
  through(chunk: Buffer): Buffer[]
  /** No more can be taken for now; `reconsider` is called when it can. */
  isFull(): boolean
  /** Bytes arrived that must wait for `open`, or for their time. */
  onHeld(bytes: number): void
  onDelayed(bytes: number): void
  /** Bytes were handed to the sink. */
  onPassed(bytes: number): void
  /** Nothing waits any more. */
  onEmpty(): void
}

/** Null stands for the source's end. */
interface Waiting {
  chunk: Buffer | null
  dueMs: number
}

/**
 * One direction of one connection. Everything the source sent reaches the sink in order, its end last, also when the
 * source has gone meanwhile; while it is held, nothing does.
 */
export class Lane {
  readonly #source: Socket
  readonly #sink: Socket
  readonly #options: LaneOptions
  #holding: Holding
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #ended = false
  #timer: NodeJS.Timeout | undefined

  constructor(source: Socket, sink: Socket, options: LaneOptions) {
    this.#source = source
    this.#sink = sink
    this.#options = options
    this.#holding = options.holding
    source.on('data', (chunk: Buffer) => this.#take(chunk))
    source.once('end', () => this.#end())
    source.once('close', () => this.#end())
    sink.on('drain', () => this.reconsider())
    // What a dead sink can no longer take must not keep the source from being read to its end.
    sink.once('close', () => this.reconsider())
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** What has waited passes when the lane opens, and goes on waiting, each for its time, otherwise. */
  hold(holding: Holding): void {
    this.#holding = holding
    this.#release()
    this.reconsider()
  }

  /** Reads on, or stops reading, as far as the other end and what waits allow. */
  reconsider(): void {
    const sunk = this.#sink.destroyed ? 0 : this.#sink.writableLength
    const isLong = typeof this.#holding === 'object' && 'delayMs' in this.#holding
    const limit = isLong ? MAX_DELAYED_BYTES : MAX_HELD_BYTES
    const isFull = this.#waitingBytes + sunk >= limit || this.#waiting.length >= MAX_WAITING
    if (isFull || this.#options.isFull()) this.#source.pause()
    else if (this.#source.isPaused()) this.#source.resume()
  }

  /** Forgets what waits; for a connection that is cut. */
  drop(): void {
    clearTimeout(this.#timer)
    this.#waiting = []
    this.#waitingBytes = 0
  }

  #take(chunk: Buffer): void {
    if (this.#holding === 'hold') this.#options.onHeld(chunk.length)
    else if (this.#holding !== 'pass') this.#options.onDelayed(chunk.length)
    this.#waitingBytes += chunk.length
    const holding = this.#holding
    if (typeof holding !== 'object' || 'delayMs' in holding) this.#enqueue(chunk)
    else for (const piece of inPieces(chunk, holding.bytes)) this.#enqueue(piece)
    this.reconsider()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#enqueue(null)
  }

  #enqueue(chunk: Buffer | null): void {
    this.#waiting.push({ chunk, dueMs: this.#dueMs() })
    this.#release()
  }

  #dueMs(): number {
    const nowMs = performance.now()
    const lastMs = this.#waiting.at(-1)?.dueMs ?? 0
    if (typeof this.#holding !== 'object') return Math.max(nowMs, lastMs)
    // Later bytes do not overtake earlier ones, however the delays were drawn.
    if ('delayMs' in this.#holding) return Math.max(nowMs + this.#holding.delayMs(), lastMs)
    return Math.max(nowMs, lastMs) + this.#holding.everyMs
  }

  #release(): void {
    clearTimeout(this.#timer)
    let released = 0
    for (const { chunk, dueMs } of this.#waiting) {
      if (this.#holding === 'hold') break
      if (this.#holding !== 'pass' && dueMs > performance.now()) break
      released += 1
      if (chunk === null) this.#endSink()
      else {
        this.#waitingBytes -= chunk.length
        this.#pass(chunk)
      }
    }
    if (released > 0) this.#waiting.splice(0, released)
    const next = this.#waiting[0]
    if (next === undefined) return this.#options.onEmpty()
    if (typeof this.#holding !== 'object') return
    this.#timer = setTimeout(
      () => {
        this.#release()
        this.reconsider()
      },
      Math.max(0, next.dueMs - performance.now()),
    ).unref()
  }

  #pass(chunk: Buffer): void {
    for (const bytes of this.#options.through(chunk)) {
      if (this.#sink.destroyed || this.#sink.writableEnded) return
      this.#sink.write(bytes)
      this.#options.onPassed(bytes.length)
    }
  }

  #endSink(): void {
    if (!this.#sink.destroyed && !this.#sink.writableEnded) this.#sink.end()
  }
}

function inPieces(chunk: Buffer, bytes: number): Buffer[] {
  const count = Math.ceil(chunk.length / bytes)
  return Array.from({ length: count }, (_, at) => chunk.subarray(at * bytes, (at + 1) * bytes))
}
