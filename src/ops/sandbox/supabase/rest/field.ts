import type { Scanner } from './scanner.js'
import { identifier, type Scope } from './sql.js'

/** A column, or what a path of arrows finds in it: `data->tags->>0`. */
export interface Field {
  column: string
  path: readonly { arrow: '->' | '->>'; key: string }[]
}

/** Everywhere in the grammar these end a name that is not quoted. */
const ENDS_NAME = '.,:()"!*&|<>='

export function readField(scanner: Scanner): Field {
  const column = readName(scanner)
  const path: Field['path'][number][] = []
  while (scanner.sees('->')) {
    const arrow = scanner.take('->>') ? '->>' : '->'
    if (arrow === '->') scanner.expect('->')
    path.push({ arrow, key: readName(scanner) })
  }
  return { column, path }
}

/** A name in quotes, or up to the next character that means something. */
export function readName(scanner: Scanner): string {
  const quoted = scanner.quoted()
  if (quoted !== null) return quoted
  // A dash belongs to a name unless an arrow begins with it.
  const name = scanner.run((character) => !ENDS_NAME.includes(character) && !scanner.sees('->'))
  if (name === '') throw scanner.failed('expecting a name')
  return name
}

export function fieldSql({ column, path }: Field, { relation, parameters }: Scope): string {
  const whole = `${identifier(relation)}.${identifier(column)}`
  if (path.length === 0) return whole
  const steps = path.map(
    ({ arrow, key }) => `${arrow}${parameters.add(key)}::${isIndex(key) ? 'int' : 'text'}`,
  )
  return `(to_jsonb(${whole})${steps.join('')})`
}

/** What a field is called in an answer: the last key of its path. */
export function nameOf({ column, path }: Field): string {
  return path.findLast(({ key }) => !isIndex(key))?.key ?? column
}

const isIndex = (key: string) => /^-?\d+$/.test(key)
