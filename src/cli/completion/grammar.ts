import type { Config } from '@oclif/core'

/** What can be typed, for every shell alike. */
export interface Grammar {
  bin: string
  /** Commands and topics, deepest first; the last one is the program itself, with no words. */
  places: Place[]
}

export interface Place {
  /** Such as `keys purge`; empty for the program itself. */
  words: string
  /** What may follow as a word: subcommands, and the values of the argument when they are known. */
  next: Candidate[]
  /** An argument may follow of which no value is known, such as a file. */
  free: boolean
  flags: Flag[]
}

export interface Candidate {
  name: string
  summary: string
}

export interface Flag extends Candidate {
  char: string | undefined
  takesValue: boolean
  /** What it takes, when that is known. */
  values: readonly string[]
}

/**
 * Reads the grammar off the manifest.
 *
 * @param values by flag or argument, what it takes where the manifest does not say: the names of drills, subjects, …
 */
export function grammarOf(config: Config, values: Record<string, readonly string[]>): Grammar {
  const commands = config.commands.filter(({ hidden }) => !hidden)
  const summaries = new Map(commands.map(({ id, summary }) => [id, summary ?? '']))
  const ids = new Set(['', ...commands.flatMap(({ id }) => prefixesOf(id))])
  const places = [...ids].map((id): Place => {
    const command = commands.find((each) => each.id === id)
    const argument = Object.values(command?.args ?? {})[0]
    const words = argument?.options ?? values[argument?.name ?? '']
    const depth = id === '' ? 0 : id.split(':').length
    const children = [...ids].filter(
      (each) =>
        each !== '' && each.split(':').length === depth + 1 && (id === '' || each.startsWith(`${id}:`)),
    )
    const flags = Object.values(command?.flags ?? {}).filter(({ hidden }) => !hidden)
    return {
      words: id.replaceAll(':', ' '),
      next: [
        ...children.map((child) => ({
          name: child.split(':').at(-1)!,
          summary: summaries.get(child) ?? '',
        })),
        ...(words ?? []).map((name) => ({ name, summary: '' })),
      ],
      free: argument !== undefined && words === undefined,
      flags: [
        ...flags.map((flag) => ({
          name: flag.name,
          char: flag.char,
          summary: flag.summary ?? '',
          takesValue: flag.type === 'option',
          values: flag.type === 'option' ? (flag.options ?? values[flag.name] ?? []) : [],
        })),
        { name: 'help', char: undefined, summary: 'Show help.', takesValue: false, values: [] },
      ],
    }
  })
  return { bin: config.bin, places: places.sort((left, right) => depthOf(right) - depthOf(left)) }
}

/** `keys:purge` is found below `keys`, which may be no command itself. */
function prefixesOf(id: string): string[] {
  const words = id.split(':')
  return words.map((_, index) => words.slice(0, index + 1).join(':'))
}

/** What a shell that has been given nothing yet proposes: nothing where a file may follow, which it knows itself. */
export function first({ next, free, flags }: Place): Candidate[] {
  return next.length > 0 || free ? next : dashed(flags)
}

export function dashed(flags: readonly Flag[]): Candidate[] {
  return flags.map(({ name, summary }) => ({ name: `--${name}`, summary }))
}

function depthOf({ words }: Place): number {
  return words === '' ? 0 : words.split(' ').length
}

/** For bash, zsh and, with the quote written its own way, fish: nothing in it is expanded. */
export function quoted(text: string, quote = `'\\''`): string {
  return `'${text.replaceAll("'", quote)}'`
}
