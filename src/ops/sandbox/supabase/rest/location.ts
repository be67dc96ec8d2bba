import type { RestAnswer, RestRequest } from './rest-request.js'
import type { Table } from './table.js'

/** For `return=headers-only`: the same request, to be answered with the primary key. */
export function forKey(request: RestRequest, { primaryKey }: Table): RestRequest {
  const query = new URLSearchParams(request.query)
  const quoted = primaryKey.map((column) => `"${column.replaceAll(/["\\]/g, String.raw`\$&`)}"::text`)
  query.set('select', quoted.join(','))
  const wanted = primaryKey.length === 0 ? 'minimal' : 'representation'
  return { ...request, query, shape: 'array', preferences: { ...request.preferences, return: wanted } }
}

/** That answer, with the key in the header Location where one row was inserted, and without a body. */
export function located({ body, ...answer }: RestAnswer, { name }: Table): RestAnswer {
  const rows = JSON.parse(body ?? '[]') as Record<string, string>[]
  const [row] = rows
  if (row === undefined || rows.length > 1) return answer
  const key = new URLSearchParams()
  for (const [column, value] of Object.entries(row)) key.set(column, `eq.${value}`)
  return {
    ...answer,
    headers: { ...answer.headers, location: `/${encodeURIComponent(name)}?${key.toString()}` },
  }
}
