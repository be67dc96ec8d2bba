import { fieldSql, readField } from './field.js'
import { notSupported } from './rest-error.js'
import { Scanner } from './scanner.js'
import type { Scope } from './sql.js'

/** @param text what `order=` holds */
export function orderSql(text: string | null, scope: Scope): string {
  if (text === null || text === '') return ''
  const scanner = new Scanner(text, '"order" parameter')
  const terms: string[] = []
  do terms.push(termSql(scanner, scope))
  while (scanner.take(','))
  scanner.finish()
  return ` order by ${terms.join(', ')}`
}

function termSql(scanner: Scanner, scope: Scope): string {
  const field = readField(scanner)
  if (scanner.sees('(')) throw notSupported('ordering by an embedded resource')
  const direction = scanner.take('.desc') ? ' desc' : scanner.take('.asc') ? ' asc' : ''
  const nulls = scanner.take('.nullsfirst') ? ' nulls first' : scanner.take('.nullslast') ? ' nulls last' : ''
  return fieldSql(field, scope) + direction + nulls
}
