import { whereSql } from './filter.js'
import type { Shape } from './media-type.js'
import { orderSql } from './order.js'
import type { RestAnswer, RestRequest } from './rest-request.js'
import { requireShape, rowsSql } from './rows-answer.js'
import { readSelection, selectionSql } from './select.js'
import { identifier, Parameters, type Scope } from './sql.js'
import { findTable } from './table.js'
import type { Run } from './database.js'
import { contentRange, readWindow, statusOf } from './window.js'

/** Where rows come from: a table, or what a function returned. */
export interface Source {
  scope: Scope
  /** `with …`, or nothing. */
  with: string
  from: string
  filters: readonly (readonly [string, string])[]
  /** How the answer looks, where the source decides it. */
  shape: Shape
  /** What of a row is answered: all of it, or its only column. */
  row?: string
}

export async function readTable(
  run: Run,
  name: string,
  request: RestRequest,
  filters: Source['filters'],
): Promise<RestAnswer> {
  const table = await findTable(run, name)
  const scope = { relation: table.name, parameters: new Parameters() }
  const from = `public.${identifier(table.name)} as ${identifier(table.name)}`
  return readRows(run, request, { scope, with: '', from, filters, shape: request.shape })
}

export async function readRows(run: Run, request: RestRequest, source: Source): Promise<RestAnswer> {
  const { query, preferences, range, method } = request
  const { scope, from } = source
  const where = whereSql(source.filters, scope)
  const selection = selectionSql(readSelection(query.get('select')), scope)
  const order = orderSql(query.get('order'), scope)
  const { offset, limit } = readWindow(query, range)
  const total = preferences.count ? `(select count(*) from ${from}${where})` : 'null'
  const body = method === 'HEAD' ? 'null' : rowsSql(source.shape, source.row && `rest_answer.${source.row}`)
  const rows = `select ${selection} from ${from}${where}${order} limit ${limit} offset ${offset}`
  const begin = source.with === '' ? 'with' : `${source.with},`
  const [found] = await run<{ rows: string; total: string | null; body: string | null }>(
    `${begin} rest_answer as (${rows}) select count(*)::text as rows, (${total})::text as total, ${body} as body from rest_answer`,
    scope.parameters.values,
  )
  const count = Number(found?.rows ?? 0)
  const all = found?.total == null ? null : Number(found.total)
  requireShape(request.shape, count)
  return {
    status: statusOf(offset, count, all),
    headers: { 'content-range': contentRange(offset, count, all) },
    ...(found?.body == null ? {} : { body: found.body }),
  }
}
