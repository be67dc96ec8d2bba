import { fieldSql, nameOf, readField, readName, type Field } from './field.js'
import { notSupported } from './rest-error.js'
import { Scanner } from './scanner.js'
import { identifier, type Scope } from './sql.js'

/** All columns, or one field with its name in the answer and the type that it is cast to. */
type Selected = '*' | { field: Field; alias: string | null; type: string | null }

/** Types that a client may cast to. They stand in the text of the statement, hence no others. */
const TYPES = new Set(
  (
    'text varchar char name int int2 int4 int8 integer smallint bigint numeric decimal real float4 float8 bool boolean ' +
    'date time timetz timestamp timestamptz interval uuid json jsonb bytea'
  ).split(' '),
).add('double precision')

/** @param text what `select=` holds; none or nothing is all columns */
export function readSelection(text: string | null): Selected[] {
  if (text === null || text === '') return ['*']
  const scanner = new Scanner(text, '"select" parameter')
  const selected: Selected[] = []
  do selected.push(readSelected(scanner))
  while (scanner.take(','))
  scanner.finish()
  return selected
}

export function selectionSql(selected: readonly Selected[], scope: Scope): string {
  return selected
    .map((item) => {
      if (item === '*') return `${identifier(scope.relation)}.*`
      const value = fieldSql(item.field, scope)
      const cast = item.type === null ? value : `cast(${value} as ${item.type})`
      return `${cast} as ${identifier(item.alias ?? nameOf(item.field))}`
    })
    .join(', ')
}

function readSelected(scanner: Scanner): Selected {
  if (scanner.take('*')) return '*'
  if (scanner.sees('...')) throw notSupported('resource embedding (spread)')
  let field = readField(scanner)
  let alias: string | null = null
  if (scanner.sees(':') && !scanner.sees('::') && field.path.length === 0) {
    scanner.expect(':')
    alias = field.column
    field = readField(scanner)
  }
  if (scanner.sees('()') || scanner.sees('.')) throw notSupported('aggregate functions')
  if (scanner.sees('(') || scanner.sees('!')) throw notSupported('resource embedding')
  return { field, alias, type: scanner.take('::') ? readType(scanner) : null }
}

function readType(scanner: Scanner): string {
  const type = readName(scanner).toLowerCase()
  if (!TYPES.has(type)) throw notSupported('a cast to this type')
  if (scanner.sees('.')) throw notSupported('aggregate functions')
  return type
}
