/** Deeper than any record; a cycle is that deep, too. */
export const MAX_DEPTH = 500

/**
 * Whether `JSON.stringify` writes this value without loss and without anything that the codec means by a tag, in a text
 * that may fit into `maxLength`. A quick look at every part of it: what it says no to is looked at again, slowly.
 */
export function isPlainJson(value: unknown, maxLength: number): boolean {
  return remainder(value, maxLength, 0) >= 0
}

/** What is left of the length, a lower bound of it being taken; negative for anything that is not plain. */
function remainder(value: unknown, left: number, depth: number): number {
  switch (typeof value) {
    case 'string':
      return left - value.length - 2
    case 'number':
      return Number.isFinite(value) ? left - 1 : -1
    case 'boolean':
      return left - 4
    case 'object':
      if (value === null) return left - 4
      if (depth === MAX_DEPTH) return -1
      return Array.isArray(value) ? ofItems(value, left - 2, depth + 1) : ofFields(value, left - 2, depth + 1)
    default:
      return -1
  }
}

function ofItems(items: readonly unknown[], left: number, depth: number): number {
  let rest = left
  for (let i = 0; i < items.length && rest >= 0; i++) rest = remainder(items[i], rest, depth)
  return rest
}

function ofFields(object: object, left: number, depth: number): number {
  if (!isPlainObject(object)) return -1
  const fields = object as Record<string, unknown>
  let rest = left
  for (const name of Object.keys(fields)) {
    // Tags begin with `$`; what is called `toJSON` decides what is written.
    if (name.charCodeAt(0) === DOLLAR) return -1
    const value = fields[name]
    // As in any JSON, a field without a value is not written.
    if (value === undefined) continue
    rest = remainder(value, rest - name.length - 3, depth)
    if (rest < 0) return rest
  }
  return rest
}

const DOLLAR = 36

/** An object literal, of whatever realm: test runners and `vm` have an `Object.prototype` of their own. */
export function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
}
