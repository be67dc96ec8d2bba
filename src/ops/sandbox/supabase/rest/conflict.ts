import { readName } from './field.js'
import type { RestRequest } from './rest-request.js'
import { Scanner } from './scanner.js'
import { identifier } from './sql.js'
import type { Table } from './table.js'

/**
 * What an insert does with a row that is there already. The primary key decides which one that is, unless `on_conflict`
 * names the columns of another unique index.
 */
export function conflictSql(
  table: Table,
  columns: readonly string[],
  { query, preferences }: RestRequest,
): string {
  if (preferences.resolution === null) return ''
  const listed = query.get('on_conflict')
  const target = listed === null ? table.primaryKey : readNames(listed, '"on_conflict" parameter')
  if (target.length === 0) return ''
  const changes = columns.map((column) => `${identifier(column)} = excluded.${identifier(column)}`)
  const isMerged = preferences.resolution === 'merge' && changes.length > 0
  return ` on conflict (${target.map(identifier).join(', ')}) do ${isMerged ? `update set ${changes.join(', ')}` : 'nothing'}`
}

export function readNames(text: string, what: string): string[] {
  const scanner = new Scanner(text, what)
  const names: string[] = []
  do names.push(readName(scanner))
  while (scanner.take(','))
  scanner.finish()
  return names
}
