import { RestError, unreadable } from './rest-error.js'

/** As Supabase has it unless a project says otherwise. */
const MAX_ROWS = 1000

/** Which of the rows are asked for. */
export interface Window {
  offset: number
  limit: number
}

/** From `limit`, `offset` and the header Range: what all of them allow, and no more than a thousand rows. */
export function readWindow(query: URLSearchParams, range: string | undefined): Window {
  const limit = whole(query.get('limit'), '"limit" parameter') ?? MAX_ROWS
  if (limit < 0) throw notSatisfiable('Limit should be greater than or equal to zero.')
  const offset = Math.max(whole(query.get('offset'), '"offset" parameter') ?? 0, 0)
  const [, first, last] = /^(\d{1,15})-(\d{1,15})?$/.exec(range ?? '') ?? []
  if (first === undefined) return { offset, limit: Math.min(limit, MAX_ROWS) }
  if (last !== undefined && Number(last) < Number(first)) {
    throw notSatisfiable(
      'The lower boundary must be lower than or equal to the upper boundary in the Range header.',
    )
  }
  const from = Math.max(offset, Number(first))
  const to = Math.min(offset + limit, last === undefined ? Infinity : Number(last) + 1)
  return { offset: from, limit: Math.min(Math.max(to - from, 0), MAX_ROWS) }
}

/** `0-9/100`: the first and the last row of the answer, and how many there are where that was asked for. */
export function contentRange(offset: number, rows: number, total: number | null): string {
  return `${rows === 0 ? '*' : `${offset}-${offset + rows - 1}`}/${total ?? '*'}`
}

/** 200, or 206 where there are more rows than the answer holds. @throws RestError 416 */
export function statusOf(offset: number, rows: number, total: number | null): number {
  if (total === null) return 200
  if (offset > total) {
    throw notSatisfiable(`An offset of ${offset} was requested, but there are only ${total} rows.`, {
      'content-range': `*/${total}`,
    })
  }
  return rows < total ? 206 : 200
}

function whole(text: string | null, what: string): number | null {
  if (text === null) return null
  if (!/^-?\d{1,15}$/.test(text)) throw unreadable(what, 'expecting a whole number')
  return Number(text)
}

function notSatisfiable(details: string, headers: Record<string, string> = {}): RestError {
  return new RestError(
    416,
    { code: 'PGRST103', message: 'Requested range not satisfiable', details },
    headers,
  )
}
