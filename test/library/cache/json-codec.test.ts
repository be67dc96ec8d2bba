import { isDeepStrictEqual } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deserializeJson, serializeJson } from '../../../src/library/cache/json-codec.js'

const MAX = 1_048_576
const write = (value: unknown) => serializeJson(value, MAX)
const roundTrip = (value: unknown) => deserializeJson(write(value))

/** Names that a careless codec trips over, beside ordinary ones. */
const names = fc.oneof(
  fc.constantFrom(
    '$date',
    '$bigint',
    '$$date',
    '$$$date',
    '$$bigint',
    '$plain',
    '$',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom('toJSON', 'hasOwnProperty', '', '0', '7', 'a', 'b'),
  fc.string(),
)
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('{"$date":"2026-01-01T00:00:00.000Z"}', '2026-01-01T00:00:00.000Z', '12', '~tc1:none'),
)
const plainLeaves = fc.oneof(
  texts,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const leaves = fc.oneof(plainLeaves, fc.date({ noInvalidDate: true }), fc.bigInt())
// Names set one by one would lose `__proto__`.
const objectOf = (value: fc.Arbitrary<unknown>) =>
  fc
    .uniqueArray(fc.tuple(names, value), { maxLength: 4, selector: ([name]) => name })
    .map((fields) => Object.fromEntries(fields))
const nested = (leaf: fc.Arbitrary<unknown>) =>
  fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      objectOf(tie('value')),
    ),
  })).value

test('what goes in comes out: any JSON, dates and BigInts, under any name', () => {
  fc.assert(
    fc.property(nested(leaves), (value) => {
      expect(isDeepStrictEqual(roundTrip(value), value)).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

test('plain JSON stays plain: the text is that of JSON.stringify', () => {
  const looksLikeATag = (text: string) => /\{"\$+(?:date|bigint)":/.test(text)
  fc.assert(
    fc.property(nested(plainLeaves), (value) => {
      const text = JSON.stringify(value)
      fc.pre(!looksLikeATag(text))
      expect(write(value)).toBe(text)
    }),
    { numRuns: 5000 },
  )
})

test('what an older version stored as plain JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(nested(plainLeaves), (value) => {
      const text = JSON.stringify(value)
      fc.pre(!/\{"(?:\$date":"\d|\$bigint":"-?\d|\$\$)/.test(text))
      expect(isDeepStrictEqual(deserializeJson(text), JSON.parse(text))).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

test('how it looks (docs/stored-format.md)', () => {
  const at = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6))
  expect(write(at)).toBe('{"$date":"2026-01-02T03:04:05.006Z"}')
  expect(write({ id: 12n, at, n: 1 })).toBe(
    '{"id":{"$bigint":"12"},"at":{"$date":"2026-01-02T03:04:05.006Z"},"n":1}',
  )
  expect(write({ $date: 'x' })).toBe('{"$$date":"x"}')
  expect(write({ $$bigint: { $date: at } })).toBe(
    '{"$$$bigint":{"$$date":{"$date":"2026-01-02T03:04:05.006Z"}}}',
  )
  expect(write({ $date: 'x', other: 1 })).toBe('{"$date":"x","other":1}')
  expect(write({ $date: 'x', left: undefined })).toBe('{"$$date":"x"}')
  expect(write({ a: undefined, b: [], c: {} })).toBe('{"b":[],"c":{}}')
})

test.each([
  '{"$date":1767323045006}',
  '{"$date":"yesterday"}',
  '{"$date":"2026-01-02"}',
  '{"$date":{"$numberLong":"1"}}',
  '{"$bigint":"1.5"}',
  '{"$bigint":12}',
  '{"$oid":"507f1f77bcf86cd799439011"}',
  '{"$date":"2026-01-02T03:04:05.006Z","and":1}',
])('another writer’s %s is left as it is', (text) => {
  expect(deserializeJson(text)).toEqual(JSON.parse(text))
})

class Money {
  constructor(readonly cents: number) {}
}
class Amount extends Money {
  toJSON() {
    return { cents: this.cents, at: new Date(0) }
  }
}
const cycle: unknown[] = [{}]
cycle.push({ cycle })

describe('what JSON would lose is refused by its kind', () => {
  test.each<[string, unknown, RegExp]>([
    ['a Map', { m: new Map([['secret', 1]]) }, /: an instance of Map\. /],
    ['a Set', new Set([1]), /: an instance of Set\. /],
    ['a function', { f: () => 1 }, /: a function\. /],
    ['a symbol', [Symbol('secret')], /: a symbol\. /],
    ['an instance', { price: new Money(5) }, /: an instance of Money\. /],
    ['an error', new Error('secret'), /: an instance of Error\. /],
    ['bytes', new Uint8Array(3), /: an instance of Uint8Array\. /],
    ['NaN', { n: Number.NaN }, /: NaN\. /],
    ['Infinity', [-Infinity], /: -Infinity\. /],
    ['a gap', [undefined], /: undefined\. /],
    // oxlint-disable-next-line no-sparse-arrays
    ['a hole', [1, , 2], /: undefined\. /],
    ['an invalid date', new Date(Number.NaN), /: an invalid date\. /],
    ['a cycle', cycle, /: a cycle, or more than 500 levels\. /],
    ['a class without a name', new (class {})(), /: an instance of (a class)?\. /],
  ])('%s', (_, value, message) => {
    expect(() => write(value)).toThrow(message)
    expect(() => write(value)).toThrow(/^a value was not stored because JSON would lose part of it/)
    expect(() => write(value)).not.toThrow(/secret/)
  })

  test('too much for maxValueBytes, before its text is made', () => {
    // Sixty levels of twice the same: no machine writes that text.
    let twice: unknown = 1
    for (let i = 0; i < 60; i++) twice = [twice, twice]
    expect(() => write(twice)).toThrow(/over maxValueBytes \(1048576\)/)
    expect(() => write({ at: new Date(), twice })).toThrow(/over maxValueBytes/)
    let empty: unknown = []
    for (let i = 0; i < 60; i++) empty = { a: empty, b: empty }
    expect(() => write(empty)).toThrow(/over maxValueBytes/)
  })
})

test('a class with a toJSON says itself what is stored of it', () => {
  expect(roundTrip({ price: new Amount(5) })).toEqual({ price: { cents: 5, at: new Date(0) } })
  expect(write({ own: { toJSON: () => 'x' } })).toBe('{"own":"x"}')
  expect(write([new URL('http://localhost/a')])).toBe('["http://localhost/a"]')
  const asked: string[] = []
  const curious = { toJSON: (name: string) => asked.push(name) }
  write({ field: curious, list: [curious] })
  expect(asked).toEqual(['field', '0'])
})

test('objects of another realm are as plain as ours', () => {
  const foreign: unknown = runInNewContext('({ a: [1, { b: new Date(5) }] })')
  expect(JSON.stringify(roundTrip(foreign))).toBe('{"a":[1,{"b":"1970-01-01T00:00:00.005Z"}]}')
  expect((roundTrip(foreign) as { a: [number, { b: unknown }] }).a[1].b).toBeInstanceOf(Date)
})

test('a stored `__proto__` is a field and nothing more', () => {
  const value = deserializeJson(
    '{"__proto__":{"$date":"2026-01-02T03:04:05.006Z"},"x":{"__proto__":{"admin":true}}}',
  )
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect((value as { x: { admin?: boolean } }).x.admin).toBeUndefined()
})
