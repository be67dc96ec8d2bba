import type { Shape } from './media-type.js'
import { RestError } from './rest-error.js'

/** One object was asked for, and there is none, or there are several. @throws RestError 406 `PGRST116` */
export function requireShape(shape: Shape, rows: number): void {
  if (shape === 'array' || rows === 1) return
  throw new RestError(406, {
    code: 'PGRST116',
    message: 'Cannot coerce the result to a single JSON object',
    details: `The result contains ${rows} rows`,
  })
}

/** The rows of a statement called `rest_answer` as JSON that the database writes: it knows how its types look there. */
export function rowsSql(shape: Shape, row = 'rest_answer'): string {
  return shape === 'object'
    ? `coalesce((json_agg(${row}) -> 0)::text, 'null')`
    : `coalesce(json_agg(${row}), '[]')::text`
}
