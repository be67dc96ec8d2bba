import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allFamilies, families, findFamily } from '../../../src/library/families/families.js'
import { parsePattern } from '../../../src/library/families/pattern.js'

test('the table is that of canonical §9.2, and ours', () => {
  expect(allFamilies.map(({ id, pattern, ttlSeconds }) => [id, pattern.text, ttlSeconds])).toEqual([
    ['auth.validation', 'copilot:auth:validation:{userId}', 300],
    ['conv', 'copilot:conv:{conversationId}', 60],
    ['llm.policy', 'copilot:llm:policy:{tenantId}', 300],
    ['ratelimit', 'copilot:ratelimit:{bucket}:{identifier}', null],
    ['conv-config', 'copilot:conv-config:{tenantId}', 300],
  ])
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

test.each(['a:*', 'a:{b', 'a::b', '', 'a:{b}{c}', 'a:[x]'])('%j is no pattern', (text) => {
  expect(() => parsePattern(text)).toThrow(RangeError)
})

test('a missing or empty parameter is named', () => {
  expect(() => families.rateLimit.pattern.build({ bucket: 'login' })).toThrow(/identifier/)
  expect(() => families.rateLimit.pattern.build({ bucket: '', identifier: 'x' })).toThrow(/bucket/)
})
