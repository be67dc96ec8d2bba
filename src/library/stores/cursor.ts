import { StoreError } from './store-error.js'

/** Where a page ended: what its last item has of the fields that the list is ordered by. */
export type Position = readonly (string | number)[]

/** A list that is read in pages. */
export interface Paged<P extends Position> {
  /** Stands in the cursor, so that one of another list is recognised. */
  list: string
  /** Whether these are the fields that the list is ordered by. */
  isPosition: (fields: Position) => fields is P
}

/** Ours have some 80 characters. What is longer need not be looked at. */
const MAX_CHARACTERS = 256

const BASE64URL = /^[A-Za-z0-9_-]+$/

/** Opaque, not secret: it tells its reader nothing that the page did not, and grants nothing. */
export function writeCursor<P extends Position>({ list }: Paged<P>, position: NoInfer<P>): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url')
}

/** @throws StoreError `INVALID`, which says what is wrong with the cursor without repeating it */
export function readCursor<P extends Position>(
  { list, isPosition }: Paged<P>,
  cursor: string,
  where: { store: string; operation: string },
): P {
  const invalid = (what: string) => new StoreError('INVALID', where, `cursor: ${what}`)
  if (typeof cursor !== 'string') throw invalid('it is not a text')
  if (cursor.length > MAX_CHARACTERS) throw invalid(`it is longer than ${MAX_CHARACTERS} characters`)
  if (!BASE64URL.test(cursor)) throw invalid('it is not base64url')
  const fields = parsed(Buffer.from(cursor, 'base64url').toString())
  if (fields === null) throw invalid('it was not written by this store')
  const [of, ...position] = fields
  if (of !== list) throw invalid('it belongs to another list')
  if (!isPosition(position)) throw invalid('it names no place in this list')
  return position
}

function parsed(text: string): Position | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every(isField) ? value : null
  } catch {
    return null
  }
}

function isField(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
