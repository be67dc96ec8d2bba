import type { Writable } from 'node:stream'

/** So many commands that the server is not kept waiting for the last of a turn before it begins with the first. */
const MOST = 16

/**
 * Lets the commands of one turn of the event loop leave together. ioredis writes each on its own, and that system call
 * costs more than all the rest of a command (measured, 50 callers at once: a GET 2 to 3 times as fast). Nothing waits
 * longer than its turn.
 */
export class WriteBatch {
  #held: Writable | null = null
  #commands = 0

  /** To be called before each command that is written to this stream. */
  hold(stream: Writable): void {
    if (this.#held !== stream) this.#begin(stream)
    else if (++this.#commands > MOST) {
      this.#commands = 1
      stream.uncork()
      stream.cork()
    }
  }

  #begin(stream: Writable): void {
    this.#held = stream
    this.#commands = 1
    stream.cork()
    // Comes after the promise callbacks that are due, in which callers whose answer has come send their next command.
    process.nextTick(() => {
      if (this.#held === stream) this.#held = null
      stream.uncork()
    })
  }
}
