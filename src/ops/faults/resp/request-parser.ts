import { Gathered } from '../gathered.js'

/** One command as the client sent it. */
export interface Request {
  /** Its words, the name first. Those beyond what is kept (1 MiB a command) are missing: see `complete`. */
  words: Buffer[]
  /** How many words there are, missing ones included. */
  count: number
  /** Whether `words` holds all of them whole. */
  complete: boolean
}

/** A stretch of the client's bytes. All stretches, joined, are what the client sent. */
export interface RequestPiece {
  bytes: Buffer
  /** False while the command goes on in the next stretch. */
  last: boolean
  /** The command that is complete with these bytes; null also for an empty line, which is not answered. */
  request: Request | null
}

/** As much of a command is kept for whoever wants to know what it says; the rest only passes by. */
export const KEPT_BYTES = 1024 * 1024
/** What a word costs besides its bytes; a million empty words are not free. */
const WORD_BYTES = 64
// Redis's own limits: a longer line, more words or a longer word are a protocol error there too.
const MAX_LINE_BYTES = 64 * 1024
const MAX_WORDS = 1024 * 1024
const MAX_WORD_BYTES = 512 * 1024 * 1024

const CR = 13
const LF = 10
const ASTERISK = 42
const DOLLAR = 36

/**
 * Finds where commands end in a stream of bytes, multibulk or inline, however it is cut into chunks. What a chunk holds
 * is passed on, not kept.
 *
 * Reads as Redis reads; what Redis would call a protocol error makes the parser `broken`, for good.
 */
export class RequestParser {
  broken = false
  #line = Buffer.alloc(0)
  #request = emptyRequest()
  #keptBytes = 0
  #wordsLeft = 0
  /** Bytes of the word under way, CRLF included; null between words. */
  #wordLeft: number | null = null
  readonly #word = new Gathered()

  /** What is known of the command under way. */
  get underWay(): Request {
    return { ...this.#request, words: [...this.#request.words], complete: false }
  }

  push(chunk: Buffer): RequestPiece[] {
    const pieces: RequestPiece[] = []
    let from = 0
    let at = 0
    while (at < chunk.length && !this.broken) {
      at = this.#wordLeft === null ? this.#readLine(chunk, at) : this.#readWord(chunk, at)
      if (this.broken || this.#wordsLeft > 0 || this.#line.length > 0) continue
      const request = this.#request
      pieces.push({
        bytes: chunk.subarray(from, at),
        last: true,
        request: request.count > 0 ? request : null,
      })
      from = at
      this.#request = emptyRequest()
      this.#keptBytes = 0
    }
    if (from < chunk.length) pieces.push({ bytes: chunk.subarray(from), last: false, request: null })
    return pieces
  }

  #readLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at)
    const stop = end === -1 ? chunk.length : end + 1
    if (this.#line.length + stop - at > MAX_LINE_BYTES) {
      this.broken = true
      return stop
    }
    const line =
      this.#line.length > 0 ? Buffer.concat([this.#line, chunk.subarray(at, stop)]) : chunk.subarray(at, stop)
    this.#line = end === -1 ? Buffer.from(line) : Buffer.alloc(0)
    if (end !== -1) this.#takeLine(line.subarray(0, line.at(-2) === CR ? -2 : -1))
    return stop
  }

  #takeLine(line: Buffer): void {
    if (this.#wordsLeft > 0) {
      const length = line[0] === DOLLAR ? toInteger(line.subarray(1)) : null
      if (length === null || length < 0 || length > MAX_WORD_BYTES) this.broken = true
      else this.#wordLeft = length + 2
    } else if (line[0] === ASTERISK) {
      const count = toInteger(line.subarray(1))
      if (count === null || count > MAX_WORDS) this.broken = true
      else {
        this.#wordsLeft = Math.max(0, count)
        this.#request.count = this.#wordsLeft
      }
    } else {
      const words = line.toString('latin1').split(/\s+/).filter(Boolean)
      this.#request = {
        words: words.map((word) => Buffer.from(word, 'latin1')),
        count: words.length,
        complete: true,
      }
    }
  }

  #readWord(chunk: Buffer, at: number): number {
    const left = this.#wordLeft ?? 0
    const stop = Math.min(chunk.length, at + left)
    // The last two bytes are the line's end, which Redis does not look at either.
    this.#keep(chunk.subarray(at, Math.max(at, Math.min(stop, at + left - 2))))
    this.#wordLeft = left - (stop - at)
    if (this.#wordLeft > 0) return stop
    if (this.#request.complete) this.#request.words.push(Buffer.concat(this.#word.take()))
    this.#keptBytes += WORD_BYTES
    this.#wordLeft = null
    this.#wordsLeft -= 1
    return stop
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length
    if (this.#keptBytes > KEPT_BYTES) {
      this.#request.complete = false
      this.#word.take()
    } else if (bytes.length > 0) this.#word.add(bytes)
  }
}

function emptyRequest(): Request {
  return { words: [], count: 0, complete: true }
}

function toInteger(digits: Buffer): number | null {
  const text = digits.toString('latin1')
  return /^-?\d{1,18}$/.test(text) ? Number(text) : null
}
