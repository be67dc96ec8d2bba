import { invalidBody } from './rest-error.js'

/** Rows that a client sent. */
export interface Payload {
  /** As it was sent: the database reads it itself, so that no number loses digits on the way. */
  text: string
  isArray: boolean
  rows: Record<string, unknown>[]
}

/** @throws RestError 400 `PGRST102` for what is neither an object nor an array of objects */
export function readPayload(text: string): Payload {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalidBody('Empty or invalid json')
  }
  const isArray = Array.isArray(value)
  const rows: unknown[] = Array.isArray(value) ? value : [value]
  if (!rows.every(isObject)) throw invalidBody('the body is neither an object nor an array of objects')
  return { text, isArray, rows }
}

/** The columns of all rows, which must be the same ones. */
export function uniformKeys(rows: readonly Record<string, unknown>[]): string[] {
  const keys = Object.keys(rows[0] ?? {})
  const isSame = (row: Record<string, unknown>) =>
    Object.keys(row).length === keys.length && keys.every((key) => Object.hasOwn(row, key))
  if (!rows.every(isSame)) throw invalidBody('All object keys must match')
  return keys
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
