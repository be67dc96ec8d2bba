import { whereSql } from './filter.js'
import { readPayload } from './payload.js'
import { notSupported, RestError } from './rest-error.js'
import { filtersOf, type RestAnswer, type RestRequest } from './rest-request.js'
import { identifier, Parameters, type Scope } from './sql.js'
import { findTable, requireColumns, type Table } from './table.js'
import type { Run } from './database.js'
import { returningSql, writeRows } from './written-rows.js'

/** Updates the rows that the filters name. */
export async function updateRows(run: Run, name: string, request: RestRequest): Promise<RestAnswer> {
  const { table, scope, own } = await changed(run, name, request)
  const { text, isArray, rows } = readPayload(request.body)
  if (isArray) throw notSupported('an array in an update')
  const columns = Object.keys(rows[0] ?? {})
  if (columns.length === 0) throw notSupported('an update without a column')
  requireColumns(table, columns)
  const json = `${scope.parameters.add(text)}::json`
  const before = `rest_given as (select * from json_populate_record(null::public.${identifier(table.name)}, ${json})), `
  const changes = columns.map((column) => `${identifier(column)} = rest_given.${identifier(column)}`)
  const where = requiredWhere('UPDATE', request, scope)
  const sql = `update ${own} set ${changes.join(', ')} from rest_given${where}${returningSql(request, scope)}`
  const range = (count: number) => (count === 0 ? '*' : `0-${count - 1}`)
  const values = scope.parameters.values
  return writeRows(run, request, { before, sql, values }, { status: [200, 204], range })
}

/** Deletes the rows that the filters name. */
export async function deleteRows(run: Run, name: string, request: RestRequest): Promise<RestAnswer> {
  const { scope, own } = await changed(run, name, request)
  const where = requiredWhere('DELETE', request, scope)
  const sql = `delete from ${own}${where}${returningSql(request, scope)}`
  const values = scope.parameters.values
  return writeRows(run, request, { sql, values }, { status: [200, 204], range: () => '*' })
}

async function changed(
  run: Run,
  name: string,
  { query }: RestRequest,
): Promise<{ table: Table; scope: Scope; own: string }> {
  const refused = ['limit', 'offset', 'order', 'columns', 'on_conflict'].find((parameter) =>
    query.has(parameter),
  )
  if (refused !== undefined) throw notSupported(`"${refused}" in an update or a delete`)
  const table = await findTable(run, name)
  const own = `public.${identifier(table.name)} as ${identifier(table.name)}`
  return { table, scope: { relation: table.name, parameters: new Parameters() }, own }
}

/** Supabase's authenticator loads `safeupdate`, which refuses what would hit every row. */
function requiredWhere(statement: 'UPDATE' | 'DELETE', { query }: RestRequest, scope: Scope): string {
  const where = whereSql(filtersOf(query), scope)
  if (where !== '') return where
  throw new RestError(400, { code: '21000', message: `${statement} requires a WHERE clause` })
}
