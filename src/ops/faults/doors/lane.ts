import type { Socket } from 'node:net'

/** How much of a direction is read, and kept, before reading stops and the sender feels it. */
export const MAX_HELD_BYTES = 64 * 1024

export interface LaneEvents {
  /** Bytes arrived that must wait for `open`. */
  held(bytes: number): void
  /** Bytes were handed to the sink. */
  passed(bytes: number): void
}

/**
 * One direction of one connection. Everything the source sent reaches the sink in order, its end last, also when the
 * source has gone meanwhile; while stalled, nothing does.
 */
export class Lane {
  readonly #source: Socket
  readonly #sink: Socket
  readonly #events: LaneEvents
  #stalled: boolean
  #held: Buffer[] = []
  #heldBytes = 0
  #sourceEnded = false

  constructor(source: Socket, sink: Socket, stalled: boolean, events: LaneEvents) {
    this.#source = source
    this.#sink = sink
    this.#stalled = stalled
    this.#events = events
    source.on('data', (chunk: Buffer) => this.#take(chunk))
    source.once('end', () => this.#end())
    source.once('close', () => this.#end())
    sink.on('drain', () => this.#flow())
    // What a dead sink can no longer take must not keep the source from being read to its end.
    sink.once('close', () => this.#flow())
  }

  stall(): void {
    this.#stalled = true
    this.#flow()
  }

  open(): void {
    this.#stalled = false
    const held = this.#held
    this.#held = []
    this.#heldBytes = 0
    for (const chunk of held) this.#pass(chunk)
    if (this.#sourceEnded) this.#endSink()
    this.#flow()
  }

  #take(chunk: Buffer): void {
    if (this.#stalled) {
      this.#held.push(chunk)
      this.#heldBytes += chunk.length
      this.#events.held(chunk.length)
    } else {
      this.#pass(chunk)
    }
    this.#flow()
  }

  #pass(chunk: Buffer): void {
    if (this.#sink.destroyed || this.#sink.writableEnded) return
    this.#sink.write(chunk)
    this.#events.passed(chunk.length)
  }

  #flow(): void {
    const waiting = this.#stalled ? this.#heldBytes : this.#sink.destroyed ? 0 : this.#sink.writableLength
    if (waiting >= MAX_HELD_BYTES) this.#source.pause()
    else if (this.#source.isPaused()) this.#source.resume()
  }

  #end(): void {
    this.#sourceEnded = true
    if (!this.#stalled) this.#endSink()
  }

  #endSink(): void {
    if (!this.#sink.destroyed && !this.#sink.writableEnded) this.#sink.end()
  }
}
