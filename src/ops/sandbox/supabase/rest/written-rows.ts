import type { RestAnswer, RestRequest } from './rest-request.js'
import { requireShape, rowsSql } from './rows-answer.js'
import { readSelection, selectionSql } from './select.js'
import type { Scope } from './sql.js'
import type { Run } from './database.js'

/** What a statement that writes gives back: the columns that are answered, or so little that no right to read is needed. */
export function returningSql({ preferences, query }: RestRequest, scope: Scope): string {
  if (preferences.return !== 'representation') return ' returning 1'
  return ` returning ${selectionSql(readSelection(query.get('select')), scope)}`
}

/**
 * Runs a statement that writes and answers with its rows, where they were asked for.
 *
 * @param before statements that it refers to, each with a comma
 * @param status with rows and without
 * @param range the Content-Range of so many rows
 */
export async function writeRows(
  run: Run,
  request: RestRequest,
  { before = '', sql, values }: { before?: string; sql: string; values: readonly string[] },
  { status, range }: { status: [number, number]; range: (rows: number) => string },
): Promise<RestAnswer> {
  const { preferences, shape } = request
  const isAnswered = preferences.return === 'representation'
  const body = isAnswered ? rowsSql(shape) : 'null'
  const [found] = await run<{ rows: string; body: string | null }>(
    `with ${before}rest_answer as (${sql}) select count(*)::text as rows, ${body} as body from rest_answer`,
    values,
  )
  const rows = Number(found?.rows ?? 0)
  requireShape(shape, rows)
  return {
    status: status[isAnswered ? 0 : 1],
    headers: { 'content-range': `${range(rows)}/${preferences.count ? rows : '*'}` },
    ...(found?.body == null ? {} : { body: found.body }),
  }
}
