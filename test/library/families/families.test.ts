import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allFamilies, families, findFamily, type Family } from '../../../src/library/families/families.js'
import { declareFamily } from '../../../src/library/families/family.js'
import { commonKey, parsePattern } from '../../../src/library/families/pattern.js'
import { encodeSegment, isEncoded } from '../../../src/library/families/segment.js'

test('the table is that of canonical §9.2, and ours', () => {
  const policyOf = ({ evictable, staleOk, authorisation }: Family) =>
    Object.entries({ evictable, staleOk, authorisation }).flatMap(([name, is]) => (is ? [name] : []))
  expect(
    allFamilies.map((each) => [each.id, each.pattern.text, each.ttlSeconds, each.type, ...policyOf(each)]),
  ).toEqual([
    ['auth.validation', 'copilot:auth:validation:{userId}', 300, 'string', 'evictable', 'authorisation'],
    ['conv', 'copilot:conv:{conversationId}', 60, 'string', 'evictable', 'authorisation'],
    ['llm.policy', 'copilot:llm:policy:{tenantId}', 300, 'string', 'evictable', 'staleOk', 'authorisation'],
    ['ratelimit', 'copilot:ratelimit:{bucket}:{identifier}', null, null],
    ['conv-config', 'copilot:conv-config:{tenantId}', 300, 'string', 'evictable', 'staleOk'],
  ])
})

test('a family that says no more than its keys and TTL is of strings, may be evicted, and not be stale', () => {
  const session = declareFamily({ id: 'session', pattern: 'app:session:{userId}', ttlSeconds: 900 })
  expect(session).toMatchObject({ type: 'string', evictable: true, staleOk: false, authorisation: false })
  expect(session.pattern.build({ userId: 'a:*' })).toBe('app:session:a%3A%2A')
})

test.each([
  ['a:{x}', 'a:b', 'a:b'],
  ['{x}:b', 'a:{y}', 'a:b'],
  ['a:{x}:{y}', 'a:{z}:c', 'a:x:c'],
  ['a:{x}', 'b:{x}', null],
  ['a:{x}', 'a:{x}:{y}', null],
  ['a:b', 'a:b:c', null],
])('%s and %s have %j in common', (one, other, key) => {
  const [a, b] = [parsePattern(one), parsePattern(other)]
  expect(commonKey(a, b)).toBe(key)
  if (key !== null) expect([a.match(key), b.match(key)]).not.toContain(null)
})

test('a key is built, recognised and scanned for by the same pattern', () => {
  const key = families.rateLimit.pattern.build({ bucket: 'login', identifier: '10.0.0.1' })
  expect(key).toBe('copilot:ratelimit:login:10.0.0.1')
  expect(findFamily(key)).toEqual({
    family: families.rateLimit,
    parameters: { bucket: 'login', identifier: '10.0.0.1' },
  })
  expect(families.rateLimit.pattern.scanPattern).toBe('copilot:ratelimit:*:*')
  expect(findFamily('copilot:ratelimit:login')).toBeNull()
  expect(findFamily('session:1')).toBeNull()
})

test('no identifier can reach into another segment or widen a match', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.string({ minLength: 1 }),
      (bucket, identifier) => {
        const { pattern } = families.rateLimit
        const key = pattern.build({ bucket, identifier })
        expect(key).toMatch(/^copilot:ratelimit:[A-Za-z0-9._@%-]+:[A-Za-z0-9._@%-]+$/)
        if (Buffer.byteLength(identifier) <= 128) expect(pattern.match(key)?.['identifier']).toBe(identifier)
      },
    ),
  )
})

test('different values never share a key, however long or odd', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 400 }),
      fc.string({ minLength: 1, maxLength: 400 }),
      (a, b) => {
        const build = (userId: string) => families.authValidation.pattern.build({ userId })
        expect(build(a) === build(b)).toBe(a === b)
        expect(build(a).length).toBeLessThan(450)
      },
    ),
  )
})

test('no value can pose as the hash of a longer one', () => {
  const long = encodeSegment('x'.repeat(500))
  const forged = decodeURIComponent(long)
  expect(forged).toMatch(/^sha256=[0-9a-f]{64}$/)
  expect(encodeSegment(forged)).not.toBe(long)
})

test('what the library would not write is told from what it does', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), (value) => isEncoded(encodeSegment(value))),
  )
  expect([encodeSegment('x'.repeat(500)), 'a', '%3A'].map(isEncoded)).toEqual([true, true, true])
  expect(['', '*', 'a b', '%3a', '%41', '%', '%ff', 'sha256%3Dab', 'é'].filter(isEncoded)).toEqual([])
})

test.each(['a:*', 'a:{b', 'a::b', '', 'a:{b}{c}', 'a:[x]', '{a}', '{a}:{b}', 'a:{b}:{b}'])(
  '%j is no pattern',
  (text) => {
    expect(() => parsePattern(text)).toThrow(RangeError)
  },
)

test('a missing or empty parameter is named', () => {
  expect(() => families.rateLimit.pattern.build({ bucket: 'login' })).toThrow(/identifier/)
  expect(() => families.rateLimit.pattern.build({ bucket: '', identifier: 'x' })).toThrow(/bucket/)
})
