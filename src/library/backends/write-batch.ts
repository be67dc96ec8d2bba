import type { Writable } from 'node:stream'

/** In commands: so much that the server is not kept waiting for the last of a turn before it begins with the first. */
const MOST = 32
/** A script keeps the server as busy as so many commands (measured: 5 µs, against 2). */
export const SCRIPT_WEIGHT = 2

/**
 * Lets the commands of one turn of the event loop leave together. ioredis writes each on its own, and that system call
 * costs more than all the rest of a command (measured, 50 callers at once: a GET 2 to 3 times as fast). Nothing waits
 * longer than its turn.
 */
export class WriteBatch {
  #held: Writable | null = null
  #weight = 0

  /** To be called before each command that is written to this stream. */
  hold(stream: Writable, weight = 1): void {
    if (this.#held !== stream) this.#begin(stream)
    else if (this.#weight + weight > MOST) {
      this.#weight = 0
      stream.uncork()
      stream.cork()
    }
    this.#weight += weight
  }

  #begin(stream: Writable): void {
    this.#held = stream
    this.#weight = 0
    stream.cork()
    // Comes after the promise callbacks that are due, in which callers whose answer has come send their next command.
    process.nextTick(() => {
      if (this.#held === stream) this.#held = null
      stream.uncork()
    })
  }
}
