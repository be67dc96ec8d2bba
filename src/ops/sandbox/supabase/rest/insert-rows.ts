import { conflictSql, readNames } from './conflict.js'
import { forKey, located } from './location.js'
import { readPayload, uniformKeys, type Payload } from './payload.js'
import { notSupported, unreadable } from './rest-error.js'
import { filtersOf, type RestAnswer, type RestRequest } from './rest-request.js'
import { identifier, Parameters } from './sql.js'
import { findTable, requireColumns, type Table } from './table.js'
import type { Run } from './database.js'
import { returningSql, writeRows } from './written-rows.js'

/** Inserts rows; those that are there already are merged or left alone where the client prefers that. */
export async function insertRows(run: Run, name: string, request: RestRequest): Promise<RestAnswer> {
  if (filtersOf(request.query).length > 0) throw unreadable('filter', 'an insert has none')
  const table = await findTable(run, name)
  if (request.preferences.return !== 'headers-only') return insert(run, table, request)
  return located(await insert(run, table, forKey(request, table)), table)
}

function insert(run: Run, table: Table, request: RestRequest): Promise<RestAnswer> {
  const payload = readPayload(request.body)
  const listed = request.query.get('columns')
  const columns = listed === null ? uniformKeys(payload.rows) : readNames(listed, '"columns" parameter')
  requireColumns(table, columns)
  const scope = { relation: table.name, parameters: new Parameters() }
  const sql =
    `insert into public.${identifier(table.name)} as ${identifier(table.name)} ` +
    givenSql(table, columns, payload, request.preferences.missing, scope.parameters) +
    conflictSql(table, columns, request) +
    returningSql(request, scope)
  const values = scope.parameters.values
  return writeRows(run, request, { sql, values }, { status: [201, 201], range: () => '*' })
}

function givenSql(
  table: Table,
  columns: readonly string[],
  { text, isArray, rows }: Payload,
  missing: 'null' | 'default',
  parameters: Parameters,
): string {
  const record = `null::public.${identifier(table.name)}`
  // Of an empty array nothing is inserted.
  if (rows.length === 0) return `select * from json_populate_recordset(${record}, '[]')`
  if (columns.length === 0) {
    if (rows.length > 1) throw notSupported('several rows without a column')
    return 'default values'
  }
  const json = `${parameters.add(text)}::json`
  const names = columns.map(identifier)
  const list = names.join(', ')
  if (missing === 'null') {
    const populate = isArray ? 'json_populate_recordset' : 'json_populate_record'
    return `(${list}) select ${list} from ${populate}(${record}, ${json})`
  }
  const lines = rows.map((row, place) => {
    const given = `(json_populate_record(${record}, ${isArray ? `${json} -> ${place}` : json}))`
    return columns.map((column, at) => (Object.hasOwn(row, column) ? `${given}.${names[at]}` : 'default'))
  })
  return `(${list}) values ${lines.map((cells) => `(${cells.join(', ')})`).join(', ')}`
}
