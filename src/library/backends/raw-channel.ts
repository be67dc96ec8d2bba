import type { Duplex } from 'node:stream'

/** Reads the replies to one payload out of what arrives. */
export interface ReplyReader {
  /** Whether all replies have been read. */
  readonly done: boolean
  /**
   * Consumes whole replies from `at` on.
   *
   * @returns where the first byte stands that it has not used; the rest comes again, with more behind it
   */
  read(bytes: Buffer, at: number): number
}

interface Exchange {
  reader: ReplyReader
  resolve(): void
  reject(error: unknown): void
  settled: Promise<void>
}

type DataListener = (chunk: Buffer) => void

const NOTHING = Buffer.alloc(0)

/**
 * Speaks on the connection of a client that is idle, without what that client does for each command: a promise, a queue
 * entry and an array of arguments cost more than the server's own work (a million keys measured: 20 s of CPU against 2.3).
 */
export class RawChannel {
  readonly #stream: Duplex
  readonly #exchanges: Exchange[] = []
  #owners: DataListener[] = []
  #rest: Buffer = NOTHING
  /** What begins with the rest, and has room behind it. */
  #room: Buffer = NOTHING

  constructor(stream: Duplex) {
    this.#stream = stream
    stream.once('close', () => {
      for (const { reject } of this.#exchanges.splice(0)) reject(new Error('the connection was closed'))
    })
  }

  /** Whether replies are waited for, so that the connection's owner must not speak. */
  get busy(): boolean {
    return this.#exchanges.length > 0
  }

  /** Resolves when no reply is waited for any more, whatever became of them. */
  async idle(): Promise<void> {
    while (this.busy) await this.#exchanges.at(-1)!.settled
  }

  /** Sends at once, also while earlier replies are waited for. Rejects with what the reader throws. */
  exchange(payload: Buffer, reader: ReplyReader): Promise<void> {
    // Of a connection that has ended nobody would ever tell again.
    if (this.#stream.destroyed) return Promise.reject(new Error('the connection was closed'))
    if (!this.busy) this.#takeOver()
    let resolve = () => {}
    let reject: (error: unknown) => void = () => {}
    const replied = new Promise<void>((...settle) => ([resolve, reject] = settle))
    this.#exchanges.push({ reader, resolve, reject, settled: replied.catch(() => undefined) })
    this.#stream.write(payload)
    return replied
  }

  readonly #onData = (chunk: Buffer): void => {
    const bytes = this.#rest.length === 0 ? chunk : this.#joined(chunk)
    let at = 0
    for (;;) {
      const [exchange] = this.#exchanges
      if (!exchange) break
      try {
        at = exchange.reader.read(bytes, at)
      } catch (error) {
        this.#exchanges.shift()
        // Where the next reply begins is not known any more.
        this.#stream.destroy()
        exchange.reject(error)
        return
      }
      if (!exchange.reader.done) break
      this.#exchanges.shift()
      exchange.resolve()
    }
    this.#rest = at === bytes.length ? NOTHING : bytes.subarray(at)
    // Replies that were read are parts of it, and nothing is written over them.
    if (at > 0) this.#room = NOTHING
    if (!this.busy) this.#giveBack()
  }

  /** The rest and what came behind it; copied a few times and not with every chunk, of which a large value has thousands. */
  #joined(chunk: Buffer): Buffer {
    const size = this.#rest.length + chunk.length
    if (this.#room.length < size) {
      this.#room = Buffer.allocUnsafeSlow(size * 2)
      this.#rest.copy(this.#room)
    }
    chunk.copy(this.#room, this.#rest.length)
    return this.#room.subarray(0, size)
  }

  #takeOver(): void {
    this.#owners = this.#stream.rawListeners('data') as DataListener[]
    this.#stream.removeAllListeners('data')
    this.#stream.on('data', this.#onData)
  }

  #giveBack(): void {
    this.#stream.removeListener('data', this.#onData)
    for (const owner of this.#owners) this.#stream.on('data', owner)
    // What nobody asked for, such as a push message, is the owner's.
    if (this.#rest.length > 0) this.#stream.emit('data', this.#rest)
    this.#rest = NOTHING
    this.#room = NOTHING
  }
}
