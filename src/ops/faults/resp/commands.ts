import { COMMAND_TABLE } from './command-table.js'
import type { Request } from './request-parser.js'

/** What a server knows about a command. */
export interface Command {
  /** Lower case; `container|subcommand` where there is one, such as `xgroup|create`. */
  name: string
  /** Number of words, the name included; negative: at least that many. */
  arity: number
  write: boolean
  /** Needs memory: refused when there is none left. */
  denyoom: boolean
  /** Only reads the data set. */
  readonly: boolean
  /** Answered while the data set is being loaded. */
  loading: boolean
  /** Answered by a replica that has lost its primary and may not say what it remembers. */
  stale: boolean
  /** Answered while a script runs too long. */
  allowBusy: boolean
  /** Understood of who has not said who he is. */
  noAuth: boolean
  /** Where its keys are; null when they are not in fixed places, or there are none. */
  keys: { first: number; last: number; step: number } | null
}

const SPLIT = /\s+/

/** By name. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  COMMAND_TABLE.trim()
    .split(SPLIT)
    .map((entry) => parseEntry(entry))
    .map((command) => [command.name, command]),
)

const CONTAINERS = new Set(
  [...COMMANDS.keys()].filter((name) => name.includes('|')).map((name) => name.split('|')[0]),
)

/** Null for what the server would turn down itself: an unknown command, or a wrong number of words. */
export function findCommand({ words, count }: Request): Command | null {
  const name = textOf(words[0])
  const command =
    CONTAINERS.has(name) && count > 1 ? COMMANDS.get(`${name}|${textOf(words[1])}`) : COMMANDS.get(name)
  return command && hasArity(command, count) ? command : null
}

function hasArity({ arity }: Command, count: number): boolean {
  return arity >= 0 ? count === arity : count >= -arity
}

function textOf(word: Buffer | undefined): string {
  return word?.toString('latin1').toLowerCase() ?? ''
}

function parseEntry(entry: string): Command {
  const [name, arity, rest] = entry.split('/') as [string, string, string]
  const [flags, keys] = rest.split(':') as [string, string | undefined]
  const [first, last, step] = keys?.split(',').map(Number) ?? []
  return {
    name,
    arity: Number(arity),
    write: flags.includes('w'),
    denyoom: flags.includes('m'),
    readonly: flags.includes('r'),
    loading: flags.includes('l'),
    stale: flags.includes('s'),
    allowBusy: flags.includes('b'),
    noAuth: flags.includes('n'),
    keys: first !== undefined && last !== undefined && step !== undefined ? { first, last, step } : null,
  }
}
