import { Gathered } from '../gathered.js'
import { findCommand, type Command } from './commands.js'
import { Introductions } from '../doors/introductions.js'
import { encodeCommand } from './encode.js'
import { Introducing } from './introducing.js'
import { keysOf, takesKeys } from './key-positions.js'
import { ADDED, Pairing, type Spoken, type ConversationCounts } from './pairing.js'
import { KEPT_BYTES, RequestParser, type Request, type RequestPiece } from './request-parser.js'
import { PASS, type Queued, type Rule, type Treatment } from './rule.js'
import type { ScriptShelf } from './script-shelf.js'

// Each asks for one short reply, which the client never sees. The wrong number of words makes EXEC fail, as the command
// that it stands in for would.
const HARMLESS = encodeCommand(['PING'])
const NOT_QUEUED = encodeCommand(['GET'])
const GIVEN_UP = encodeCommand(['DISCARD'])

const NOTHING_QUEUED: Queued = {
  write: false,
  denyoom: false,
  denystale: false,
  firstKey: null,
  written: [],
}
const MAX_WRITTEN = 1000

/** A channel stands where others have a key. */
const OF_CHANNELS = /^(?:spublish|ssubscribe|sunsubscribe)$/

/** From here on a connection carries what is no reply to a command, or a reply less. */
const BEYOND_PAIRING = /^(p|s|pun|sun|un)?subscribe$|^monitor$|^p?sync$|^replconf$|^client\|reply$/

/**
 * What one connection's client and server say, understood. Without a rule it only watches: what goes in comes out, byte
 * for byte and at once. With one, each command that begins from then on is held until it is complete, and treated.
 *
 * A command that is answered here is still represented at the server, by one that does nothing: so replies stay in order
 * in a pipeline, and a transaction fails as it should. What is not understood (a protocol error, a subscription, a
 * replication stream) passes unchanged from there on.
 */
export class Conversation {
  readonly #scripts: ScriptShelf
  readonly #counts: ConversationCounts
  readonly #decisions: { taken: number }
  readonly #requests = new RequestParser()
  readonly #replies: Pairing
  readonly #introducing: Introducing
  #rule: Rule | null
  #plain = false
  #queued: (Queued & { broken: boolean }) | null = null
  /** What happens to the bytes of the command under way; null between two commands. */
  #course: 'keep' | 'stream' | 'drop' | null = null
  /** Of a command that was too big to wait for its end. */
  #decided: Treatment = PASS
  readonly #kept = new Gathered()

  /** @param decisions shared by the conversations of one door, as are `scripts`, `counts` and `introductions` */
  constructor(
    rule: Rule | null,
    scripts: ScriptShelf,
    counts: ConversationCounts,
    decisions = { taken: 0 },
    introductions = new Introductions(),
  ) {
    this.#rule = rule
    this.#scripts = scripts
    this.#counts = counts
    this.#decisions = decisions
    this.#replies = new Pairing(counts)
    this.#introducing = new Introducing(introductions)
  }

  /** Too many commands wait for their reply: read no more for now. */
  get isFull(): boolean {
    return this.#replies.isFull
  }

  /** For the commands that begin from now on. */
  obey(rule: Rule | null): void {
    this.#rule = rule
  }

  fromClient(chunk: Buffer): Buffer[] {
    if (this.#plain || this.#replies.broken) return [...this.#kept.take(), chunk]
    const out: Buffer[] = []
    for (const piece of this.#requests.push(chunk)) {
      if (this.#plain) out.push(piece.bytes)
      else this.#take(piece, out)
    }
    if (this.#requests.broken) {
      this.#plain = true
      out.push(...this.#kept.take())
    }
    return out
  }

  fromServer(chunk: Buffer): Spoken {
    return this.#replies.take(chunk)
  }

  #take({ bytes, last, request }: RequestPiece, out: Buffer[]): void {
    if (this.#course === null) {
      this.#course = this.#rule === null ? 'stream' : 'keep'
      this.#decided = PASS
    }
    if (this.#course === 'stream') out.push(bytes)
    else if (this.#course === 'keep') this.#kept.add(bytes)
    if (!last) {
      if (this.#course === 'keep' && this.#kept.bytes > KEPT_BYTES) this.#decideEarly(out)
      return
    }
    const course = this.#course
    this.#course = null
    if (request !== null) {
      this.#counts.commandsSeen++
      this.#introducing.note(request)
    }
    if (request === null) out.push(...this.#kept.take())
    else this.#send(request, course, out)
  }

  /** What is known of the command must do. Other words can no longer be put in their place. */
  #decideEarly(out: Buffer[]): void {
    const treatment = this.#treatmentOf(this.#requests.underWay)
    this.#decided = treatment.kind === 'instead' ? PASS : treatment
    this.#course = treatment.kind === 'answer' ? 'drop' : 'stream'
    const kept = this.#kept.take()
    if (this.#course === 'stream') out.push(...kept)
  }

  /** A command is complete: sends it, or what is sent in its place, and awaits the reply. */
  #send(request: Request, course: 'keep' | 'stream' | 'drop', out: Buffer[]): void {
    const treatment = course === 'keep' ? this.#treatmentOf(request) : this.#decided
    const kept = this.#kept.take()
    const command = findCommand(request)
    if (command !== null && isAboutData(command)) this.#counts.commandsAboutData++
    if (treatment.kind === 'answer') out.push(this.#standIn(command))
    else if (treatment.kind === 'instead') {
      this.#counts.commandsReplaced++
      out.push(encodeCommand(treatment.words))
    } else out.push(...kept)
    const added = treatment.kind === 'followed' ? treatment.by : []
    out.push(...added.map((words) => encodeCommand(words)))

    this.#scripts.note(request)
    const begins = this.#follow(request, command, treatment)
    if (command !== null && BEYOND_PAIRING.test(command.name) && treatment.kind !== 'answer') {
      this.#plain = true
      this.#replies.awaitAnything()
    } else {
      this.#replies.await(treatment, begins ? () => (this.#queued = null) : null)
      added.forEach(() => this.#replies.await(ADDED, null))
    }
  }

  #treatmentOf(request: Request): Treatment {
    const command = findCommand(request)
    if (command === null || this.#rule === null) return PASS
    return this.#rule(request, command, {
      queued: this.#queued,
      scriptOf: (sha) => this.#scripts.find(sha),
      index: this.#decisions.taken++,
    })
  }

  #standIn(command: Command | null): Buffer {
    if (this.#queued === null) return HARMLESS
    return command?.name === 'exec' ? GIVEN_UP : NOT_QUEUED
  }

  /** Follows the transaction; whether one begins. */
  #follow(request: Request, command: Command | null, { kind }: Treatment): boolean {
    const name = command?.name
    if (name === 'exec' || name === 'discard' || name === 'reset') this.#queued = null
    else if (this.#queued !== null) {
      const { write, denyoom, denystale, firstKey, written } = this.#queued
      // After a command that it could not queue a server says QUEUED, and queues nothing any more.
      if (command === null || kind === 'answer') this.#queued.broken = true
      else if (!this.#queued.broken) {
        const keys = keysOf(request, command)
        const writes = command.write || /^(eval|evalsha|fcall)$/.test(command.name)
        this.#queued = {
          write: write || command.write,
          denyoom: denyoom || command.denyoom,
          denystale: denystale || !command.stale,
          firstKey: firstKey ?? keys[0] ?? null,
          written: writes && written.length < MAX_WRITTEN ? [...written, ...keys] : written,
          broken: false,
        }
      }
    } else if (name === 'multi' && kind !== 'answer') {
      this.#queued = { ...NOTHING_QUEUED, broken: false }
      return true
    }
    return false
  }
}

/** What clients ask as they connect, and to find how a server is, takes no key: `TIME`, `INFO`, `CLUSTER SLOTS`. */
function isAboutData(command: Command): boolean {
  return takesKeys(command) && !OF_CHANNELS.test(command.name)
}
