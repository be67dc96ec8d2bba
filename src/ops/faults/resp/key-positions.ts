import type { Command } from './commands.js'
import type { Request } from './request-parser.js'

/** Where the number of keys stands that follow it. */
const COUNTED: Readonly<Record<string, number>> = {
  blmpop: 2,
  bzmpop: 2,
  eval: 2,
  eval_ro: 2,
  evalsha: 2,
  evalsha_ro: 2,
  fcall: 2,
  fcall_ro: 2,
  lmpop: 1,
  sintercard: 1,
  zdiff: 1,
  zdiffstore: 2,
  zinter: 1,
  zinterstore: 2,
  zintercard: 1,
  zmpop: 1,
  zunion: 1,
  zunionstore: 2,
}

/** After which word they stand. Up to the end; of a stream half as many, as each has the place to read from. */
const AFTER_WORD: Readonly<Record<string, { word: RegExp; keys: 'all' | 'half' | 'one' }>> = {
  georadius: { word: /^store(dist)?$/i, keys: 'one' },
  georadiusbymember: { word: /^store(dist)?$/i, keys: 'one' },
  migrate: { word: /^keys$/i, keys: 'all' },
  sort: { word: /^store$/i, keys: 'one' },
  xread: { word: /^streams$/i, keys: 'half' },
  xreadgroup: { word: /^streams$/i, keys: 'half' },
}

/** Whether it can be about a key. */
export function takesKeys({ name, keys }: Command): boolean {
  return keys !== null || name in COUNTED || name in AFTER_WORD
}

/** The words that are keys, by position. None where the server would turn the command down for how it counts them. */
export function keyPositions({ words, count }: Request, command: Command): number[] {
  const positions = fixed(command, count)
  const counted = COUNTED[command.name]
  if (counted !== undefined) {
    const number = Number(words[counted]?.toString('latin1'))
    const isCount = Number.isInteger(number) && number > 0 && number < count - counted
    return isCount ? [...positions, ...range(counted + 1, number)] : []
  }
  const after = AFTER_WORD[command.name]
  if (after === undefined) return positions
  const first = 1 + words.findIndex((word, at) => at > 0 && after.word.test(word.toString('latin1')))
  if (first === 0) return positions
  const left = count - first
  const length = { all: left, half: Math.floor(left / 2), one: Math.min(1, left) }[after.keys]
  // MIGRATE with KEYS has an empty word in the place of its one key.
  return command.name === 'migrate' ? range(first, length) : [...positions, ...range(first, length)]
}

/** The keys themselves, as many of them as are known of a command that was too big to keep. */
export function keysOf(request: Request, command: Command): Buffer[] {
  return keyPositions(request, command).flatMap((at) => request.words[at] ?? [])
}

function fixed({ keys }: Command, count: number): number[] {
  if (keys === null) return []
  const last = keys.last < 0 ? count + keys.last : keys.last
  return range(keys.first, Math.floor((last - keys.first) / keys.step) + 1).map(
    (_, index) => keys.first + index * keys.step,
  )
}

function range(first: number, length: number): number[] {
  return Array.from({ length: Math.max(0, length) }, (_, index) => first + index)
}
