import { fieldSql, type Field } from './field.js'
import { notSupported } from './rest-error.js'
import type { Scanner } from './scanner.js'
import type { Scope } from './sql.js'

const OPERATORS = new Map([
  ['eq', '='],
  ['neq', '<>'],
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['like', 'like'],
  ['ilike', 'ilike'],
  ['cs', '@>'],
  ['cd', '<@'],
  ['ov', '&&'],
])

const FEATURES = new Map([
  ...['fts', 'plfts', 'phfts', 'wfts'].map((operator) => [operator, 'full-text search'] as const),
  ...['sl', 'sr', 'nxl', 'nxr', 'adj'].map((operator) => [operator, 'comparing ranges'] as const),
  ...['match', 'imatch'].map((operator) => [operator, 'regular expressions'] as const),
  ['isdistinct', 'isdistinct'],
])

const STATES = new Map([
  ['null', 'null'],
  ['not_null', 'not null'],
  ['true', 'true'],
  ['false', 'false'],
  ['unknown', 'unknown'],
])

/**
 * Reads `[not.]operator.value` and says it in SQL.
 *
 * @param readValue reads a plain value: to the end, or up to the next comma of a list
 */
export function testSql(
  scanner: Scanner,
  field: Field,
  scope: Scope,
  readValue: (scanner: Scanner) => string,
): string {
  const isNegated = scanner.take('not.')
  const test = affirmedSql(scanner, fieldSql(field, scope), scope, readValue)
  return isNegated ? `not (${test})` : `(${test})`
}

/** Whether this may be the beginning of a test; a function's argument is a plain value. */
export function looksLikeTest(text: string): boolean {
  const operator = /^(?:not\.)?([a-z]+)(?:\([a-z]+\))?\./.exec(text)?.[1] ?? ''
  return OPERATORS.has(operator) || FEATURES.has(operator) || operator === 'is' || operator === 'in'
}

function affirmedSql(
  scanner: Scanner,
  left: string,
  { parameters }: Scope,
  readValue: (scanner: Scanner) => string,
): string {
  const operator = scanner.run((character) => /[a-z]/.test(character))
  const feature = FEATURES.get(operator)
  if (feature !== undefined) throw notSupported(`${feature} (${operator})`)
  if (OPERATORS.has(operator) && scanner.sees('('))
    throw notSupported(`operators on any or all (${operator})`)
  const isKnown = OPERATORS.has(operator) || operator === 'is' || operator === 'in'
  if (!isKnown) throw scanner.failed('expecting an operator')
  scanner.expect('.')
  if (operator === 'is') return `${left} is ${readState(scanner)}`
  if (operator === 'in') return `${left} = any(${parameters.add(arrayOf(readList(scanner)))})`
  const value = readValue(scanner)
  const isPattern = operator === 'like' || operator === 'ilike'
  return `${left} ${OPERATORS.get(operator)} ${parameters.add(isPattern ? value.replaceAll('*', '%') : value)}`
}

function readState(scanner: Scanner): string {
  const state = STATES.get(scanner.run((character) => /[a-z_]/i.test(character)).toLowerCase())
  if (state === undefined) throw scanner.failed('expecting null, not_null, true, false or unknown')
  return state
}

function readList(scanner: Scanner): string[] {
  scanner.expect('(')
  if (scanner.take(')')) return []
  const values: string[] = []
  do values.push(readItem(scanner))
  while (scanner.take(','))
  scanner.expect(')')
  return values
}

/** A value among others. A quote that does not enclose all of it belongs to it. */
export function readItem(scanner: Scanner): string {
  const quoted = scanner.attempt(() => {
    const value = scanner.quoted()
    return scanner.sees(',') || scanner.sees(')') ? value : null
  })
  return quoted ?? scanner.run((character) => character !== ',' && character !== ')')
}

/** As Postgres reads an array of any type. */
function arrayOf(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`
}
