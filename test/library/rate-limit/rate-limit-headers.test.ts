import fc from 'fast-check'
import { parseItem, parseList } from 'structured-headers'
import { afterEach, expect, test, vi } from 'vitest'
import { toRateLimitHeaders } from '../../../src/library/rate-limit/rate-limit-headers.js'
import type { RateLimitDecision } from '../../../src/library/rate-limit/transparent-rate-limiter.js'

const NOW = 1_795_000_000_000
afterEach(() => void vi.useRealTimers())

const allowed: RateLimitDecision = {
  allowed: true,
  limit: 5,
  remaining: 3,
  retryAfterMs: 0,
  resetAt: NOW + 900_000,
  reason: 'ok',
}
const denied: RateLimitDecision = {
  ...allowed,
  allowed: false,
  remaining: 0,
  retryAfterMs: 36_001,
  reason: 'limited',
}
const unavailable: RateLimitDecision = {
  allowed: true,
  limit: 5,
  remaining: null,
  retryAfterMs: 0,
  resetAt: null,
  reason: 'unavailable',
}
const login = { policy: 'login', windowMs: 900_000 }

/** As a client reads it: `[name, parameters]` of each item. */
const parsed = (field: string | undefined) =>
  parseList(field ?? '').map(([value, parameters]) => [value, Object.fromEntries(parameters)])

const atNow = (ms = NOW) => vi.useFakeTimers({ now: ms, toFake: ['Date'] })

test('what was allowed: the policy, what is left, and when all of it is back', () => {
  atNow()
  expect(toRateLimitHeaders(allowed, login)).toEqual({
    'RateLimit-Policy': '"login";q=5;w=900',
    RateLimit: '"login";r=3;t=900',
  })
})

test('what was denied: also Retry-After, rounded up', () => {
  atNow()
  expect(toRateLimitHeaders(denied, login)).toEqual({
    'RateLimit-Policy': '"login";q=5;w=900',
    RateLimit: '"login";r=0;t=37',
    'Retry-After': '37',
  })
})

test('older clients read theirs', () => {
  atNow()
  expect(toRateLimitHeaders({ ...denied, resetAt: NOW + 1 }, { ...login, legacy: true })).toMatchObject({
    'X-RateLimit-Limit': '5',
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': '1795000001',
    RateLimit: '"login";r=0;t=37',
  })
})

test.each([
  ['open: claims nothing', true, {}],
  ['closed: when to come back, and nothing else', false, { 'Retry-After': '10' }],
])('a fail-%s', (_, isAllowed, headers) => {
  for (const legacy of [true, false])
    expect(toRateLimitHeaders({ ...unavailable, allowed: isAllowed }, { ...login, legacy })).toEqual(headers)
})

test('a limiter that only watches denies nothing, and tells what is left', () => {
  atNow()
  const shadow: RateLimitDecision = { ...denied, allowed: true, reason: 'shadow' }
  expect(toRateLimitHeaders(shadow, { policy: 'login' })).toEqual({
    'RateLimit-Policy': '"login";q=5',
    RateLimit: '"login";r=0;t=37',
  })
})

test('a foreign limiter knows neither limit nor rest, so neither is claimed', () => {
  const foreign = { limit: null, remaining: null, retryAfterMs: 0, resetAt: null }
  const says = (decision: Pick<RateLimitDecision, 'allowed' | 'reason'>) =>
    toRateLimitHeaders({ ...foreign, ...decision }, { ...login, legacy: true })
  expect(says({ allowed: true, reason: 'ok' })).toEqual({})
  expect(says({ allowed: false, reason: 'limited' })).toEqual({})
})

test('a window in seconds is never shorter than it is, and a time that has passed is none', () => {
  atNow(NOW + 1_000_000)
  const headers = toRateLimitHeaders(allowed, { policy: 'login', windowMs: 1001 })
  expect(headers).toEqual({ 'RateLimit-Policy': '"login";q=5;w=2', RateLimit: '"login";r=3;t=0' })
})

test('any decision under any name reads back as it was, in one line of printable ASCII', () => {
  atNow()
  const names = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a"b\\', 'a\r\nX: y', 'ü', '\ud800', ''),
  )
  const decisions = fc.record({
    allowed: fc.boolean(),
    limit: fc.integer({ min: 1, max: 10_000_000 }),
    remaining: fc.integer({ min: 0, max: 10_000_000 }),
    waitMs: fc.integer({ min: 1, max: 2_946_240_000 }),
    windowMs: fc.integer({ min: 100, max: 2_678_400_000 }),
  })
  fc.assert(
    fc.property(names, decisions, (policy, { waitMs, windowMs, ...rest }) => {
      const decision: RateLimitDecision = {
        ...rest,
        retryAfterMs: rest.allowed ? 0 : waitMs,
        resetAt: NOW + waitMs,
        reason: rest.allowed ? 'ok' : 'limited',
      }
      const headers = toRateLimitHeaders(decision, { policy, windowMs, legacy: true })
      const [[name, policyParameters]] = parsed(headers['RateLimit-Policy']) as [[string, object]]
      const t = Math.ceil(waitMs / 1000)
      expect(policyParameters).toEqual({ q: rest.limit, w: Math.ceil(windowMs / 1000) })
      expect(parsed(headers['RateLimit'])).toEqual([[name, { r: rest.remaining, t }]])
      if (/^[\x20-\x7e]*$/.test(policy)) expect(name).toBe(policy)
      else expect(Buffer.from(unescapeBytes(name), 'latin1').toString()).toBe(Buffer.from(policy).toString())
      if (rest.allowed) expect(headers).not.toHaveProperty('Retry-After')
      else expect(parseItem(headers['Retry-After']!)[0]).toBeGreaterThanOrEqual(t)
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]+$/)
    }),
    { numRuns: 500 },
  )
})

/** A percent sign of the name itself stays as it is, so names that look encoded are left out. */
const unescapeBytes = (name: string) =>
  name.replace(/%([89A-F][0-9A-F]|[01][0-9A-F]|7F)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
