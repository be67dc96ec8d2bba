import type { Config } from '@oclif/core'

export interface ResolvedCommand {
  /** The command's or topic's id as oclif writes it; undefined when the line names none. */
  id: string | undefined
  /** What follows the command's name; the whole line when there is none. */
  rest: string[]
  help: boolean
  /** Nobody asked for help: what is named cannot be run. */
  implied?: true
}

/** Finds the longest command or topic that a line begins with, and whether help is asked for: `help`, `--help` or `-h`. */
export function resolveCommand(argv: readonly string[], config: Config): ResolvedCommand {
  const asked = argv[0] === 'help' && config.findCommand('help') === undefined
  const line = asked ? argv.slice(1) : [...argv]
  const firstFlag = line.findIndex((word) => word.startsWith('-'))
  const words = firstFlag === -1 ? line : line.slice(0, firstFlag)
  let length = words.length
  while (length > 0 && !isKnown(words.slice(0, length).join(':'), config)) length -= 1
  const end = line.indexOf('--')
  const help =
    asked || line.slice(0, end === -1 ? undefined : end).some((word) => word === '--help' || word === '-h')
  const id = length === 0 ? undefined : words.slice(0, length).join(':')
  const rest = line.slice(length)
  // A topic that is no command cannot be run; without more words its help is the answer.
  if (id !== undefined && config.findCommand(id) === undefined && !help) {
    return words.length > length
      ? { id: undefined, rest: line, help }
      : { id, rest, help: true, implied: true }
  }
  return {
    id,
    rest: id === undefined ? line.filter((word) => word !== '--help' && word !== '-h') : rest,
    help,
  }
}

function isKnown(id: string, config: Config): boolean {
  return config.findCommand(id) !== undefined || config.findTopic(id) !== undefined
}
