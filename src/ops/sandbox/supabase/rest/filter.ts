import { readField } from './field.js'
import { readItem, testSql } from './filter-test.js'
import { notSupported, unreadable } from './rest-error.js'
import { Scanner } from './scanner.js'
import type { Scope } from './sql.js'

/** Deeper than anybody nests by hand. */
const MAX_DEPTH = 32

/**
 * What the parameters of a query ask of a row, as a where clause or nothing.
 *
 * @param filters names and values of the parameters that are filters
 */
export function whereSql(filters: readonly (readonly [string, string])[], scope: Scope): string {
  if (filters.length === 0) return ''
  return ` where ${filters.map(([name, value]) => filterSql(name, value, scope)).join(' and ')}`
}

function filterSql(name: string, value: string, scope: Scope): string {
  const group = /^(not\.)?(and|or)$/.exec(name)
  if (group !== null) {
    const tree = new Scanner(value, 'logic tree')
    const sql = groupSql(tree, group[2] as 'and' | 'or', group[1] !== undefined, scope, 1)
    tree.finish()
    return sql
  }
  const key = new Scanner(name, 'filter')
  const field = readField(key)
  if (key.sees('.')) throw notSupported('filters on embedded resources')
  key.finish()
  const test = new Scanner(value, 'filter')
  const sql = testSql(test, field, scope, (scanner) => scanner.rest())
  test.finish()
  return sql
}

/** `(test,and(test,test),not.or(…))` */
function groupSql(
  scanner: Scanner,
  join: 'and' | 'or',
  isNegated: boolean,
  scope: Scope,
  depth: number,
): string {
  if (depth > MAX_DEPTH) throw unreadable('logic tree', `more than ${MAX_DEPTH} levels`)
  scanner.expect('(')
  const members: string[] = []
  do members.push(memberSql(scanner, scope, depth))
  while (scanner.take(','))
  scanner.expect(')')
  return `${isNegated ? 'not ' : ''}(${members.join(` ${join} `)})`
}

function memberSql(scanner: Scanner, scope: Scope, depth: number): string {
  scanner.run((character) => character === ' ')
  for (const join of ['and', 'or'] as const) {
    for (const not of ['', 'not.']) {
      if (scanner.sees(`${not}${join}(`)) {
        scanner.expect(not + join)
        return groupSql(scanner, join, not !== '', scope, depth + 1)
      }
    }
  }
  const field = readField(scanner)
  scanner.expect('.')
  return testSql(scanner, field, scope, (list) => readBraced(list) ?? readItem(list))
}

/** An array or an object, whose commas are its own; null when none stands here. */
function readBraced(scanner: Scanner): string | null {
  return scanner.attempt(() => {
    if (!scanner.sees('{')) return null
    let depth = 0
    let isQuoted = false
    let isEscaped = false
    const value = scanner.run((character) => {
      if (depth === 0 && character !== '{') return false
      if (isEscaped) isEscaped = false
      else if (character === '\\') isEscaped = true
      else if (character === '"') isQuoted = !isQuoted
      else if (!isQuoted && character === '{') depth += 1
      else if (!isQuoted && character === '}') depth -= 1
      return true
    })
    return depth === 0 && (scanner.sees(',') || scanner.sees(')')) ? value : null
  })
}
