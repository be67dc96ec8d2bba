import { types } from 'node:util'
import { isPlainObject, MAX_DEPTH } from './plain-json.js'
import { RefusedValueError, tooLarge } from './refused-value.js'

/** A field that stands alone under such a name is a tag, or an object of the caller's that looks like one. */
const TAG = /^\$+(?:date|bigint)$/

/**
 * The value as JSON can carry it: dates and BigInts as tagged objects, and the caller's own objects that look like
 * those with one `$` more.
 *
 * @throws RefusedValueError for what JSON would lose; whatever a getter or a `toJSON` of the value throws
 */
export function toTagged(value: unknown, maxLength: number): unknown {
  return new Tagging(maxLength).convert(written(value, ''), 0)
}

class Tagging {
  readonly #max: number
  #left: number

  constructor(maxLength: number) {
    this.#max = maxLength
    this.#left = maxLength
  }

  convert(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return this.#counted(value, value.length + 2)
      case 'number':
        if (!Number.isFinite(value)) throw refused(String(value))
        return this.#counted(value, 1)
      case 'boolean':
        return this.#counted(value, 4)
      case 'bigint':
        return this.#counted({ $bigint: value.toString() }, 13)
      case 'object':
        if (value === null) return this.#counted(null, 4)
        if (depth === MAX_DEPTH) throw refused(`a cycle, or more than ${MAX_DEPTH} levels`)
        if (types.isDate(value)) return this.#counted({ $date: isoText(value) }, 36)
        return Array.isArray(value) ? this.#items(value, depth + 1) : this.#fields(value, depth + 1)
      default:
        throw refused(value === undefined ? 'undefined' : `a ${typeof value}`)
    }
  }

  #items(items: readonly unknown[], depth: number): unknown[] {
    // Not `map`, which leaves holes out.
    this.#counted(null, 2)
    return Array.from({ length: items.length }, (_, i) => this.convert(written(items[i], String(i)), depth))
  }

  #fields(object: object, depth: number): object {
    if (!isPlainObject(object)) throw refused(className(object))
    const fields = object as Record<string, unknown>
    const copy: Record<string, unknown> = {}
    let count = 0
    this.#counted(null, 2)
    for (const name of Object.keys(fields)) {
      const value = written(fields[name], name)
      if (value === undefined) continue
      this.#counted(null, name.length + 3)
      const converted = this.convert(value, depth)
      // To assign this one would set a prototype.
      if (name === '__proto__') Object.defineProperty(copy, name, { value: converted, enumerable: true })
      else copy[name] = converted
      count++
    }
    return count === 1 ? escaped(copy) : copy
  }

  #counted(value: unknown, length: number): unknown {
    this.#left -= length
    if (this.#left < 0) throw new RefusedValueError('TOO_LARGE', tooLarge(this.#max))
    return value
  }
}

/** What `JSON.stringify` would write; a date writes itself as a text, which is what must not happen. */
function written(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || types.isDate(value)) return value
  const { toJSON } = value as { toJSON?: unknown }
  return typeof toJSON === 'function' ? (toJSON.call(value, name) as unknown) : value
}

function isoText(date: Date): string {
  const ms = date.getTime()
  if (Number.isNaN(ms)) throw refused('an invalid date')
  return new Date(ms).toISOString()
}

function escaped(copy: Record<string, unknown>): object {
  const name = Object.keys(copy)[0]!
  return TAG.test(name) ? { [`$${name}`]: copy[name] } : copy
}

/** Undoes `toTagged` on what `JSON.parse` made, in place. Whatever is no tag of ours stays as it is. */
export function fromTagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  // Of an array these are its indices. A name that is there already is never the prototype's setter.
  const fields = value as Record<string, unknown>
  const names = Object.keys(fields)
  for (const name of names) {
    const given = fields[name]
    const revived = fromTagged(given)
    if (revived !== given) fields[name] = revived
  }
  const only = names.length === 1 && !Array.isArray(value) ? names[0]! : ''
  return TAG.test(only) ? untagged(only, fields) : value
}

function untagged(name: string, fields: Record<string, unknown>): unknown {
  const content = fields[name]
  if (name.startsWith('$$')) return { [name.slice(1)]: content }
  if (typeof content !== 'string') return fields
  if (name === '$bigint') return /^-?\d+$/.test(content) ? BigInt(content) : fields
  const date = new Date(content)
  // Only what was written here: another writer's `$date` may mean anything.
  return !Number.isNaN(date.getTime()) && date.toISOString() === content ? date : fields
}

function className(object: object): string {
  const { constructor } = object as { constructor?: { name?: unknown } | null }
  const name = constructor?.name
  return typeof name === 'string' && /^\w{1,40}$/.test(name)
    ? `an instance of ${name}`
    : 'an instance of a class'
}

function refused(kind: string): RefusedValueError {
  return new RefusedValueError(
    'NOT_SERIALISABLE',
    `a value was not stored because JSON would lose part of it: ${kind}. ` +
      'Store plain data, give the class a toJSON, or set serialize and deserialize',
  )
}
