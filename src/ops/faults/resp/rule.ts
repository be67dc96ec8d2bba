import type { Command } from './commands.js'
import type { Request } from './request-parser.js'

/**
 * What happens to one command and its reply.
 *
 * `answer`: the server never sees the command and the client gets this line instead, `-` and CRLF included. In a
 * transaction the command is not queued, and EXEC will fail as it does after a command that could not be queued. A
 * server that says NOAUTH is heard instead, unless it is `ofIdentity`: about who the client is.
 * `instead`: the server gets these words in place of the client's.
 * `change`: the client gets this in place of the server's whole reply; replies over 1 MiB pass unchanged.
 * `cut`: the client gets the first half of the reply and then the end of the connection.
 * `swap`: two replies to such commands that are awaited at the same time come in each other's place; the reply to a single
 * one is kept, and comes in the place of the next one's. Replies over 1 MiB stay where they are.
 * `followed`: as `pass`, and then the server gets these commands, of which the client sees nothing. Not in a transaction.
 */
export type Treatment =
  | { kind: 'pass' }
  | { kind: 'answer'; line: string; ofIdentity?: true }
  | { kind: 'instead'; words: readonly (Buffer | string)[]; change?: (reply: Buffer) => Buffer }
  | { kind: 'change'; change: (reply: Buffer) => Buffer }
  | { kind: 'cut' }
  | { kind: 'swap'; question: string }
  | { kind: 'followed'; by: readonly (readonly (Buffer | string)[])[] }

export const PASS: Treatment = { kind: 'pass' }

/** What the commands of a transaction are, taken together. */
export interface Queued {
  /** One of them writes. */
  write: boolean
  /** One of them needs memory. */
  denyoom: boolean
  /** One of them is not for a replica that has lost its primary. */
  denystale: boolean
  /** The first key that one of them is about. */
  firstKey: Buffer | null
  /** The keys of those that write; the first thousand. */
  written: readonly Buffer[]
}

export interface Circumstances {
  /** Null outside a transaction; within one, what has been queued so far. */
  queued: Queued | null
  /** The text of a script by its SHA-1, if it was ever seen at this door. */
  scriptOf(sha: string): Buffer | undefined
  /** How many commands were to be decided at this door before this one. */
  index: number
}

/** Decides what happens to each command. A pure function: one rule serves many connections and doors at once. */
export type Rule = (request: Request, command: Command, circumstances: Circumstances) => Treatment
