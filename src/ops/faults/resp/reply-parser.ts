/** A stretch of the server's bytes. All stretches, joined, are what the server sent. */
export interface ReplyPiece {
  bytes: Buffer
  /** Out of band: answers no command. */
  push: boolean
  /** The reply is complete with these bytes. */
  ends: boolean
}

const CR = 13
const LF = 10
const MAX_NUMBER_BYTES = 32
const MAX_ELEMENTS = 2 ** 32

/**
 * Finds where replies end in a stream of RESP2 or RESP3, however it is cut into chunks. Nothing is kept but numbers, so
 * a reply may be of any size.
 *
 * What is no RESP, such as bytes of a replication stream, makes the parser `broken`, for good.
 */
export class ReplyParser {
  broken = false
  /** Elements that the reply under way still lacks; 0 between replies. */
  #missing = 0
  #push = false
  /** Payload of a bulk string that is still to come, CRLF included. */
  #payloadLeft = 0
  /** The line under way: its type, and as much of it as is a number. */
  #type = ''
  #number = ''
  #afterCr = false

  push(chunk: Buffer): ReplyPiece[] {
    const pieces: ReplyPiece[] = []
    let from = 0
    let at = 0
    while (at < chunk.length && !this.broken) {
      at = this.#payloadLeft > 0 ? this.#readPayload(chunk, at) : this.#readLine(chunk, at)
      if (this.broken || this.#missing > 0) continue
      pieces.push({ bytes: chunk.subarray(from, at), push: this.#push, ends: true })
      from = at
      this.#push = false
    }
    if (from < chunk.length) pieces.push({ bytes: chunk.subarray(from), push: this.#push, ends: false })
    return pieces
  }

  #readPayload(chunk: Buffer, at: number): number {
    const stop = Math.min(chunk.length, at + this.#payloadLeft)
    this.#payloadLeft -= stop - at
    if (this.#payloadLeft === 0) this.#missing -= 1
    return stop
  }

  #readLine(chunk: Buffer, at: number): number {
    let start = at
    if (this.#type === '') {
      this.#type = String.fromCharCode(chunk[at] as number)
      start += 1
      if (this.#missing === 0) {
        this.#missing = 1
        this.#push = this.#type === '>'
      }
      if (!TYPES.includes(this.#type)) this.broken = true
    }
    const end = this.#lineEnd(chunk, start)
    const stop = end === -1 ? chunk.length : end
    if (COUNTED.includes(this.#type)) {
      // Where the line ends in a later chunk, its CR may be the last byte of this one.
      this.#number += chunk.toString('latin1', start, stop)
      if (this.#number.length > MAX_NUMBER_BYTES) this.broken = true
    }
    if (end !== -1) this.#takeLine()
    return stop
  }

  /** Just behind the line's CRLF; -1 when the line goes on in the next chunk. */
  #lineEnd(chunk: Buffer, from: number): number {
    if (this.#afterCr && chunk[from] === LF) {
      this.#afterCr = false
      return from + 1
    }
    const end = chunk.indexOf('\r\n', from, 'latin1')
    this.#afterCr = end === -1 && chunk.length > from && chunk[chunk.length - 1] === CR
    return end === -1 ? -1 : end + 2
  }

  #takeLine(): void {
    const type = this.#type
    const text = this.#number.trimEnd()
    this.#type = ''
    this.#number = ''
    if (!COUNTED.includes(type)) {
      this.#missing -= 1
      return
    }
    const count = /^(-1|\d+)$/.test(text) ? Number(text) : NaN
    if (!(count <= MAX_ELEMENTS)) {
      this.broken = true
    } else if (BULK.includes(type)) {
      if (count === -1) this.#missing -= 1
      else this.#payloadLeft = count + 2
    } else {
      // An attribute comes before the element that it describes, and is none itself.
      const elements = Math.max(0, count) * ('%|'.includes(type) ? 2 : 1)
      this.#missing += elements - (type === '|' ? 0 : 1)
      if (this.#missing > MAX_ELEMENTS) this.broken = true
    }
  }
}

const BULK = '$=!'
const COUNTED = `${BULK}*~>%|`
const TYPES = `${COUNTED}+-:_#,(`
