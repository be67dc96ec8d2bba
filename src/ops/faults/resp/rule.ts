import type { Command } from './commands.js'
import type { Request } from './request-parser.js'

/**
 * What happens to one command and its reply.
 *
 * `answer`: the server never sees the command and the client gets this line instead, `-` and CRLF included. In a
 * transaction the command is not queued, and EXEC will fail as it does after a command that could not be queued.
 * `instead`: the server gets these words in place of the client's.
 * `change`: the client gets this in place of the server's whole reply; replies over 1 MiB pass unchanged.
 * `cut`: the client gets the first half of the reply and then the end of the connection.
 */
export type Treatment =
  | { kind: 'pass' }
  | { kind: 'answer'; line: string }
  | { kind: 'instead'; words: readonly (Buffer | string)[]; change?: (reply: Buffer) => Buffer }
  | { kind: 'change'; change: (reply: Buffer) => Buffer }
  | { kind: 'cut' }

export const PASS: Treatment = { kind: 'pass' }

/** What the commands of a transaction are, taken together. */
export interface Queued {
  /** One of them writes. */
  write: boolean
  /** One of them needs memory. */
  denyoom: boolean
  /** One of them is not for a replica that has lost its primary. */
  denystale: boolean
}

export interface Circumstances {
  /** Null outside a transaction; within one, what has been queued so far. */
  queued: Queued | null
  /** The text of a script by its SHA-1, if it was ever seen at this door. */
  scriptOf(sha: string): Buffer | undefined
}

/** Decides what happens to each command. A pure function: one rule serves many connections and doors at once. */
export type Rule = (request: Request, command: Command, circumstances: Circumstances) => Treatment
