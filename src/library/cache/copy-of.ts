import { types } from 'node:util'
import { isPlainObject } from './plain-json.js'

/**
 * A value of one's own where there is no text to parse it from: its lists, plain objects and dates are copied, all else,
 * such as a class's instance, stays what it is.
 */
export function copyOf<T>(value: T): T {
  try {
    return copied(value, new Map()) as T
  } catch {
    // Nested more deeply than can be followed, or with a getter that throws.
    return value
  }
}

function copied(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (types.isDate(value)) return new Date(value)
  if (!Array.isArray(value) && !isPlainObject(value)) return value
  if (copies.has(value)) return copies.get(value)
  const copy: object = Array.isArray(value)
    ? []
    : (Object.create(Object.getPrototypeOf(value) as object | null) as object)
  copies.set(value, copy)
  for (const [name, part] of Object.entries(value)) {
    const field = { value: copied(part, copies), enumerable: true, writable: true, configurable: true }
    // To assign `__proto__` would set a prototype.
    Object.defineProperty(copy, name, field)
  }
  return copy
}
