import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './place.js'
import { ROWS, type Row } from './rows.js'
import { SECRETS } from './secrets.js'

interface Flag {
  name: string
  type: 'option' | 'boolean'
  options?: string[]
}

const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as {
  commands: Record<string, { flags: Record<string, Flag> }>
}

/** All that there are. */
export const COMMANDS = Object.keys(commands)

/** A command line, and the id of its command. */
export interface Line {
  id: string
  words: string[]
}

/** What the rows say, as text with a file in every format that the command writes. */
export function linesOf(place: Place, only: (row: Row) => unknown): Line[] {
  return Object.entries(ROWS).flatMap(([id, row]) =>
    only(row) ? row.lines(place).map((words) => ({ id, words: withFlags(words, outputsOf(id, place)) })) : [],
  )
}

/** Behind `--` stands a command that is not ours. */
export function withFlags(words: readonly string[], flags: readonly string[]): string[] {
  const at = words.indexOf('--')
  return at === -1 ? [...words, ...flags] : [...words.slice(0, at), ...flags, ...words.slice(at)]
}

/** The first line of each command, as a document on stdout. */
export function documentsOf(place: Place, only: (row: Row) => unknown): Line[] {
  return Object.entries(ROWS).flatMap(([id, row]) =>
    only(row) ? [{ id, words: [...row.lines(place)[0]!, '--json'] }] : [],
  )
}

/** One of each command. */
export function firstOf(lines: readonly Line[]): Line[] {
  return lines.filter(({ id }, at) => lines.findIndex((each) => each.id === id) === at)
}

export function outputsOf(id: string, place: Place): string[] {
  const formats = commands[id]!.flags['reporter']!.options!
  return formats.flatMap((format) => ['--output', `${format}=${join(place.written, `{n}.${format}`)}`])
}

/** Flags that would make a directory of that name. */
const ABSENT = new Set(['hgrm'])

/** Secrets in every place of a command line where one may be typed by mistake, as text and as documents. */
export function wrongLines(): Line[] {
  return Object.entries(ROWS).flatMap(([id, { needs = [] }]) => {
    const valued = Object.values(commands[id]!.flags).filter(({ type }) => type === 'option')
    const wrong = [
      [`--pasword=${SECRETS.flag}`],
      [SECRETS.url, SECRETS.token, SECRETS.jwt, SECRETS.phrase],
      ...valued.map(({ name }) => [
        ...needs,
        `--${name}`,
        ABSENT.has(name) ? `/dev/null/${SECRETS.token}` : SECRETS.token,
      ]),
      [...needs, '--output', `json=/${SECRETS.phrase}/${SECRETS.token}`],
    ]
    return wrong
      .map((words) => [...id.split(':'), ...words])
      .flatMap((words) => [words, [...words, '--json']])
      .map((words) => ({ id, words }))
  })
}
