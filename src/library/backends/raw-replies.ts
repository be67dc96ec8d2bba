import { OperatorError, serverError } from './operator-error.js'
import type { ReplyReader } from './raw-channel.js'

const LF = 10

/**
 * The replies to a number of commands, RESP2 and RESP3: texts as strings where they are short words of the server's, as
 * Buffers where they are somebody's bytes; an OperatorError where the server refused a command.
 */
export class RawReplies implements ReplyReader {
  readonly values: unknown[] = []
  readonly #count: number
  readonly #address: string
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(count: number, address: string) {
    this.#count = count
    this.#address = address
  }

  get done(): boolean {
    return this.values.length >= this.#count
  }

  /** @throws OperatorError `PROTOCOL` for what is no reply that it knows */
  read(bytes: Buffer, at: number): number {
    this.#bytes = bytes
    while (!this.done) {
      this.#at = at
      const value = this.#next()
      if (value === undefined) break
      this.values.push(value)
      at = this.#at
    }
    return at
  }

  /** The reply at the present place; undefined when its end has not arrived. */
  #next(): unknown {
    const begin = this.#at
    const end = this.#bytes.indexOf(LF, begin)
    if (end === -1) return undefined
    this.#at = end + 1
    switch (this.#bytes[begin]) {
      case 0x3a: // :
        return this.#number(begin + 1, end - 1)
      case 0x2b: // +
        return this.#bytes.toString('latin1', begin + 1, end - 1)
      case 0x24: // $
        return this.#text(this.#number(begin + 1, end - 1))
      case 0x2a: // *
        return this.#list(this.#number(begin + 1, end - 1))
      case 0x5f: // _
        return null
      case 0x2d: // -
        return this.#refusal(this.#bytes.toString('utf8', begin + 1, end - 1))
      default:
        throw new OperatorError('PROTOCOL', `${this.#address} answered what is no reply of Redis.`)
    }
  }

  #number(from: number, to: number): number {
    const isNegative = this.#bytes[from] === 0x2d
    let number = 0
    for (let at = isNegative ? from + 1 : from; at < to; at++) number = number * 10 + this.#bytes[at]! - 0x30
    return isNegative ? -number : number
  }

  #text(length: number): Buffer | null | undefined {
    if (length < 0) return null
    const begin = this.#at
    if (begin + length + 2 > this.#bytes.length) return undefined
    this.#at = begin + length + 2
    return this.#bytes.subarray(begin, begin + length)
  }

  #list(length: number): unknown[] | null | undefined {
    if (length < 0) return null
    const items: unknown[] = []
    for (let index = 0; index < length; index++) {
      const item = this.#next()
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  #refusal(text: string): OperatorError {
    const error = Object.assign(new Error(text), { name: 'ReplyError' })
    return serverError(error, this.#address)!
  }
}
