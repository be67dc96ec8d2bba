/** Deeper than any record; a cycle is that deep, too. */
export const MAX_DEPTH = 500

/**
 * `plain`: `JSON.stringify` writes this value without loss and without anything that the codec means by a tag ·
 * `too-long`: the text would be longer than `maxLength` · `other`: to be looked at part by part. One quick look, so that
 * what most values are costs little more than their text.
 */
export function surveyJson(value: unknown, maxLength: number): 'plain' | 'too-long' | 'other' {
  const left = remainder(value, maxLength, 0)
  if (left >= 0) return 'plain'
  return left === NOT_PLAIN ? 'other' : 'too-long'
}

const NOT_PLAIN = -Infinity

/** What is left of the length when the shortest that the value can take is taken. */
function remainder(value: unknown, left: number, depth: number): number {
  switch (typeof value) {
    case 'string':
      return left - value.length - 2
    case 'number':
      return Number.isFinite(value) ? left - 1 : NOT_PLAIN
    case 'boolean':
      return left - 4
    case 'object':
      if (value === null) return left - 4
      if (depth === MAX_DEPTH) return NOT_PLAIN
      return Array.isArray(value) ? ofItems(value, left - 2, depth + 1) : ofFields(value, left - 2, depth + 1)
    default:
      return NOT_PLAIN
  }
}

function ofItems(items: readonly unknown[], left: number, depth: number): number {
  let rest = left
  for (let i = 0; i < items.length && rest >= 0; i++) rest = remainder(items[i], rest, depth)
  return rest
}

function ofFields(object: object, left: number, depth: number): number {
  if (!isPlainObject(object)) return NOT_PLAIN
  const fields = object as Record<string, unknown>
  let rest = left
  for (const name of Object.keys(fields)) {
    // Tags begin with `$`; what is called `toJSON` decides what is written.
    if (name.charCodeAt(0) === DOLLAR) return NOT_PLAIN
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
