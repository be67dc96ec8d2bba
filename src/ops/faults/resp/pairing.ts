import { Gathered } from '../gathered.js'
import { ReplyParser, type ReplyPiece } from './reply-parser.js'
import { KEPT_BYTES } from './request-parser.js'
import type { Treatment } from './rule.js'

/** What was done to commands and replies. */
export type ConversationCounts = Record<
  | 'commandsSeen'
  | 'commandsAboutData'
  | 'commandsAnswered'
  | 'commandsReplaced'
  | 'commandsAdded'
  | 'repliesChanged'
  | 'repliesCut'
  | 'repliesSwapped'
  | 'repliesOom'
  | 'repliesReadonly'
  | 'repliesNoscript',
  number
>

/** Bytes to hand on, in order; `cut`: and then the connection ends. */
export interface Spoken {
  bytes: Buffer[]
  cut: boolean
}

/** Of a command that the client did not send. */
export const ADDED = { kind: 'added' } as const

interface Awaited {
  /** Null: what comes is no longer understood. */
  treatment: Treatment | typeof ADDED | null
  onRefusal: (() => void) | null
}

interface Answered {
  reply: Buffer
  question: string
}

const MAX_AWAITED = 100_000
/** A longer reply is cut before half of it has been seen. */
const CUT_WITHIN_BYTES = 16 * 1024
const MINUS = 45
const COUNTED_ERRORS: Readonly<Record<string, keyof ConversationCounts>> = {
  OOM: 'repliesOom',
  READONLY: 'repliesReadonly',
  NOSCRIPT: 'repliesNoscript',
}

/** Pairs replies with the commands they answer, in order, and changes those that are to be changed. */
export class Pairing {
  readonly #counts: ConversationCounts
  readonly #parser = new ReplyParser()
  #awaited: Awaited[] = []
  #next = 0
  #plain = false
  /** Of the reply under way, when it is kept until its end; null: it passes. */
  #kept: Gathered | null = null
  #begun = false
  /** Waits for the reply that comes in its place. */
  #held: Answered | null = null
  /** The last one that another could have taken the place of. */
  #last: Answered | null = null

  constructor(counts: ConversationCounts) {
    this.#counts = counts
  }

  get isFull(): boolean {
    return this.#awaited.length - this.#next >= MAX_AWAITED
  }

  /** What the server says is no RESP. */
  get broken(): boolean {
    return this.#parser.broken
  }

  /** @param onRefusal called when the reply is an error */
  await(treatment: Treatment | typeof ADDED, onRefusal: (() => void) | null): void {
    this.#awaited.push({ treatment, onRefusal })
  }

  /** After the replies that are awaited now, everything passes. */
  awaitAnything(): void {
    this.#awaited.push({ treatment: null, onRefusal: null })
  }

  take(chunk: Buffer): Spoken {
    const bytes: Buffer[] = []
    if (this.#plain || this.broken) return { bytes: [chunk], cut: false }
    for (const piece of this.#parser.push(chunk)) {
      const awaited: Awaited | undefined = piece.push || this.#plain ? undefined : this.#awaited[this.#next]
      this.#plain ||= awaited?.treatment === null
      if (awaited === undefined || this.#plain) bytes.push(piece.bytes)
      else if (this.#takeOf(awaited, piece, bytes)) return { bytes, cut: true }
    }
    if (this.broken && this.#kept) {
      bytes.push(...this.#kept.take())
      this.#kept = null
    }
    return { bytes, cut: false }
  }

  /** @returns whether the connection is to be cut */
  #takeOf(awaited: Awaited, piece: ReplyPiece, out: Buffer[]): boolean {
    const treatment = awaited.treatment as Treatment | typeof ADDED
    if (!this.#begun) {
      this.#begun = true
      this.#kept = changes(treatment) ? new Gathered() : null
      if (piece.bytes[0] === MINUS) {
        awaited.onRefusal?.()
        this.#countError(piece.bytes)
      }
    }
    if (this.#kept === null) out.push(piece.bytes)
    else {
      this.#kept.add(piece.bytes)
      const limit = treatment.kind === 'cut' ? CUT_WITHIN_BYTES : KEPT_BYTES
      if (piece.ends || this.#kept.bytes > limit) {
        const reply = Buffer.concat(this.#kept.take())
        this.#kept = null
        out.push(...this.#changed(treatment, reply, piece.ends))
        if (treatment.kind === 'cut') return true
      }
    }
    if (piece.ends) this.#advance()
    return false
  }

  #countError(bytes: Buffer): void {
    const [, word = ''] = /^-(\w+)/.exec(bytes.toString('latin1', 0, 16)) ?? []
    const name = COUNTED_ERRORS[word]
    if (name !== undefined) this.#counts[name]++
  }

  /** What the client gets; nothing yet, where it is kept for a later place. */
  #changed(treatment: Treatment | typeof ADDED, reply: Buffer, complete: boolean): Buffer[] {
    switch (treatment.kind) {
      case 'answer':
        // Who is not let in hears that first, whatever else is wrong.
        if (!treatment.ofIdentity && reply.toString('latin1', 0, 7) === '-NOAUTH') return [reply]
        this.#counts.commandsAnswered++
        return [Buffer.from(treatment.line)]
      case 'cut':
        this.#counts.repliesCut++
        return [reply.subarray(0, Math.max(1, Math.floor(reply.length / 2)))]
      case 'change':
      case 'instead': {
        const change = treatment.change
        if (change === undefined || !complete) return [reply]
        const changed = change(reply)
        if (changed !== reply) this.#counts.repliesChanged++
        return [changed]
      }
      case 'swap':
        return this.#swapped({ reply, question: treatment.question }, complete)
      case 'added':
        if (reply[0] !== MINUS) this.#counts.commandsAdded++
        return []
      case 'pass':
      case 'followed':
        return [reply]
    }
  }

  #swapped(own: Answered, complete: boolean): Buffer[] {
    const held = this.#held
    this.#held = null
    if (!complete) return held ? [held.reply, own.reply] : [own.reply]
    if (held !== null) {
      this.#last = held
      this.#counts.repliesSwapped += 2
      return [own.reply, held.reply]
    }
    const next = this.#awaited[this.#next + 1]?.treatment
    if (next?.kind === 'swap' && next.question !== own.question) {
      this.#held = own
      return []
    }
    const last = this.#last
    this.#last = own
    if (last === null || last.question === own.question) return [own.reply]
    this.#counts.repliesSwapped++
    return [last.reply]
  }

  #advance(): void {
    this.#begun = false
    this.#next += 1
    // Taking each from the front of a long array would cost its length.
    if (this.#next < this.#awaited.length && this.#next < MAX_AWAITED) return
    this.#awaited = this.#awaited.slice(this.#next)
    this.#next = 0
  }
}

function changes(treatment: Treatment | typeof ADDED): boolean {
  return (
    treatment.kind !== 'pass' &&
    treatment.kind !== 'followed' &&
    !(treatment.kind === 'instead' && treatment.change === undefined)
  )
}
