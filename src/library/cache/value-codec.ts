import { INTEGRITY_PREFIX, seal, unseal } from './integrity.js'
import { NOT_FOUND, NOT_FOUND_TEXT } from './not-found.js'
import type { ResolvedOptions } from './options.js'
import { RefusedValueError, tooLarge, type Refusal } from './refused-value.js'
import { RESERVED_PREFIX } from './tombstone.js'
import type { Warnings } from './warnings.js'

export type Encoded = { refused: null; text: string } | { refused: Refusal }

export type Decoded<T> =
  | { kind: 'value'; value: T }
  | { kind: 'not-found' }
  | { kind: 'invalid'; errorType: 'UNDECODABLE' | 'INTEGRITY' | 'TOO_LARGE' }

type CodecOptions<T> = Pick<
  ResolvedOptions<T>,
  'serialize' | 'deserialize' | 'validate' | 'maxValueBytes' | 'integrity'
>

const INVALID = {
  undecodable: { kind: 'invalid', errorType: 'UNDECODABLE' },
  integrity: { kind: 'invalid', errorType: 'INTEGRITY' },
  tooLarge: { kind: 'invalid', errorType: 'TOO_LARGE' },
} as const

/** Between values and what stands in Redis for them (docs/stored-format.md). Never throws. */
export class ValueCodec<T> {
  readonly #options: CodecOptions<T>
  readonly #warnings: Warnings

  constructor(options: CodecOptions<T>, warnings: Warnings) {
    this.#options = options
    this.#warnings = warnings
  }

  /** The text of a value, or why there is none. Null and undefined are not values: a reader takes them for a miss. */
  encode(value: T): Encoded {
    const { serialize, maxValueBytes } = this.#options
    if (value === null || value === undefined)
      return this.#refuse(
        'NOT_SERIALISABLE',
        `a value was not stored because ${String(value)} is what a miss looks like`,
      )
    let text: unknown
    try {
      text = serialize(value)
    } catch (error) {
      if (error instanceof RefusedValueError) return this.#refuse(error.refusal, error.message)
      return this.#refuse('NOT_SERIALISABLE', 'a value was not stored because serializing it threw')
    }
    if (typeof text !== 'string') {
      return this.#refuse('NOT_SERIALISABLE', 'a value was not stored because serialize gave no text')
    }
    if (text.startsWith(RESERVED_PREFIX)) {
      return this.#refuse(
        'RESERVED_TEXT',
        `a value was not stored because its text begins with ${RESERVED_PREFIX}`,
      )
    }
    return isOver(maxValueBytes, text)
      ? this.#refuse('TOO_LARGE', tooLarge(maxValueBytes))
      : { refused: null, text }
  }

  /** What is to stand in Redis for a text that `encode` gave, or for the answer that there is nothing. */
  stored(key: string, text: string | typeof NOT_FOUND): string {
    const plain = text === NOT_FOUND ? NOT_FOUND_TEXT : text
    return this.#options.integrity ? seal(key, plain) : plain
  }

  /** A header is checked wherever there is one; where `integrity` is asked for there must be one. */
  read(key: string, stored: string): Decoded<T> {
    if (!stored.startsWith(INTEGRITY_PREFIX)) {
      return this.#options.integrity ? this.#broken('no header') : this.#decoded(stored)
    }
    const opened = unseal(key, stored)
    return 'broken' in opened ? this.#broken(opened.broken) : this.#decoded(opened.text)
  }

  /** Null for a text that is not a value of this cache. */
  decode(text: string): T | null {
    const { deserialize, validate } = this.#options
    try {
      const value = deserialize(text) as T | null | undefined
      if (value === undefined || value === null) return null
      return validate && !validate(value) ? null : value
    } catch {
      // Whatever stands there was not written by this version of the service; the next set replaces it.
      return null
    }
  }

  #decoded(text: string): Decoded<T> {
    if (text.startsWith(RESERVED_PREFIX))
      return text === NOT_FOUND_TEXT ? { kind: 'not-found' } : INVALID.undecodable
    // Nothing of this size was stored here, and to parse it would keep everybody waiting.
    if (isOver(this.#options.maxValueBytes, text)) return INVALID.tooLarge
    const value = this.decode(text)
    return value === null ? INVALID.undecodable : { kind: 'value', value }
  }

  #broken(what: keyof typeof INTEGRITY_WARNINGS): Decoded<T> {
    this.#warnings.once(INTEGRITY_WARNINGS[what])
    return INVALID.integrity
  }

  #refuse(refused: Refusal, message: string): Encoded {
    this.#warnings.once(message)
    return { refused }
  }
}

const INTEGRITY_WARNINGS = {
  'no header':
    'a stored value has no integrity header and is overwritten: usual after `integrity` was switched on, ' +
    'else another writer uses the same keys',
  'another key':
    "a read was answered with another key's value, which was not used: look for a proxy or a client that mixes replies up",
  'another text': 'a stored value was altered after it was written; it was not used and is overwritten',
}

function isOver(maxBytes: number, text: string): boolean {
  // A UTF-16 unit takes three bytes at most, so short texts need not be measured.
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)
}
