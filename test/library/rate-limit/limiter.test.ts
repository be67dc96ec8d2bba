import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { onEvent, setLogger } from '../../../src/library/index.js'
import { findFamily } from '../../../src/library/families/families.js'
import type { RateLimiterOptions } from '../../../src/library/rate-limit/options.js'
import { seededRandom } from '../../../src/ops/experiment/random.js'
import { keyOf, openLimiter, type TestLimiter } from './limiters.js'
import { BACKENDS, startBackend, type BackendUnderTest } from '../../support/backends.js'

describe.each(BACKENDS)('on %s', (kind) => {
  let server: BackendUnderTest
  let raw: Redis
  let open: TestLimiter[]

  beforeAll(async () => {
    setLogger(null)
    server = await startBackend(kind)
    raw = new Redis(server.redis.url)
  })
  afterAll(async () => {
    raw.disconnect()
    await server.stop()
  })
  beforeEach(async () => {
    open = []
    await raw.flushall()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await Promise.all(open.map((each) => each.close()))
  })

  /** Time is not the subject here, so a busy machine has plenty of it. */
  function limiter(options: Partial<RateLimiterOptions> = {}): TestLimiter {
    const opened = openLimiter(server.backend, { deadlineMs: 5000, ...options })
    open.push(opened)
    return opened
  }

  test('allows the limit, then denies and says when to come back', async () => {
    const { limiter: a, log, name } = limiter()
    const decisions = []
    for (let i = 0; i < 4; i++) decisions.push(await a.limit('u1'))
    expect(decisions.map(({ allowed, reason, remaining }) => [allowed, reason, remaining])).toEqual([
      [true, 'ok', 2],
      [true, 'ok', 1],
      [true, 'ok', 0],
      [false, 'limited', 0],
    ])
    const denied = decisions[3]!
    expect(denied.limit).toBe(3)
    expect(denied.retryAfterMs).toBeGreaterThan(59_000)
    expect(denied.retryAfterMs).toBeLessThanOrEqual(66_000)
    expect(denied.resetAt! - Date.now()).toBeGreaterThan(58_000)
    expect(log).toEqual(['allowed', 'allowed', 'allowed', 'denied'])
    expect(await a.check('u2')).toBe(true)
    const ttl = await raw.pttl(keyOf(name, 'u1'))
    expect(ttl).toBeGreaterThan(60_000)
    expect(ttl).toBeLessThanOrEqual(66_000)
  })

  test('the wait it tells is exact: denied just before, allowed then', async () => {
    const { limiter: a } = limiter({ limit: 1, windowMs: 300 })
    await a.check('u')
    const before = performance.now()
    const { retryAfterMs } = await a.limit('u')
    const after = performance.now()
    expect(retryAfterMs).toBeLessThanOrEqual(330)
    let lastDeniedAt = 0
    for (;;) {
      const startedAt = performance.now()
      if (await a.check('u')) break
      lastDeniedAt = startedAt
    }
    // The server decided somewhere between `before` and `after`, and rounds up to whole ms.
    expect(performance.now()).toBeGreaterThanOrEqual(before + retryAfterMs - 1)
    expect(lastDeniedAt).toBeLessThanOrEqual(after + retryAfterMs)
  })

  test('cost, peek and reset', async () => {
    const { limiter: a, log } = limiter({ limit: 10 })
    expect(await a.limit('u', { cost: 7 })).toMatchObject({ allowed: true, remaining: 3 })
    expect(await a.limit('u', { cost: 4 })).toMatchObject({ allowed: false, remaining: 3 })
    expect(await a.peek('u')).toMatchObject({ allowed: true, reason: 'ok', remaining: 3 })
    expect(await a.limit('u', { cost: 3 })).toMatchObject({ allowed: true, remaining: 0 })
    expect(await a.peek('u')).toMatchObject({ allowed: false, reason: 'limited', remaining: 0 })
    expect(log).toHaveLength(3)
    expect(await a.reset('u')).toBe(true)
    expect(await a.peek('u')).toMatchObject({ allowed: true, remaining: 10, resetAt: expect.any(Number) })
  })

  test('a cost that makes no sense never throws and never passes for nothing', async () => {
    const { limiter: a, name } = limiter({ limit: 10 })
    const warnings: string[] = []
    const stop = onEvent((event) => {
      if (event.type === 'warning' && event.subject === name) warnings.push(event.message)
    })
    for (const cost of [Number.NaN, 0, -5, 'x' as never, Infinity]) await a.limit('u', { cost })
    expect(await a.peek('u')).toMatchObject({ remaining: 5 })
    await a.limit('u', { cost: 1.5 })
    expect(await a.limit('u', { cost: 11 })).toMatchObject({
      allowed: false,
      reason: 'limited',
      remaining: 3,
    })
    expect(await a.limit('v', { cost: 1e300 })).toMatchObject({ allowed: false, remaining: 10 })
    expect(await a.limit('u', null as never)).toMatchObject({ allowed: true, remaining: 2 })
    stop()
    expect(warnings).toHaveLength(3)
  })

  test('H26: 200 callers at once on four connections: exactly the limit', async () => {
    const shared = { name: 'parallel', limit: 20 }
    const limiters = [5000, 5001, 5002, 5003].map((deadlineMs) => limiter({ ...shared, deadlineMs }))
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => limiters[index % 4]!.limiter.check('u')),
    )
    expect(answers.filter(Boolean)).toHaveLength(20)
  })

  test('H29: never more than the limit in any window, at random times from three processes', async () => {
    const random = seededRandom(7)
    const windowMs = 400
    const quota = { name: 'strict', limit: 10, windowMs }
    const limiters = [5000, 5001, 5002].map((deadlineMs) => limiter({ ...quota, deadlineMs }).limiter)
    const allowed: { startMs: number; endMs: number }[] = []
    const end = performance.now() + 3000
    const caller = async () => {
      while (performance.now() < end) {
        const startMs = performance.now()
        if (await limiters[Math.floor(random() * 3)]!.check('u'))
          allowed.push({ startMs, endMs: performance.now() })
        // Bursts at any place of a window, and pauses.
        await new Promise((resolve) => setTimeout(resolve, random() < 0.1 ? random() * 500 : random() * 10))
      }
    }
    await Promise.all(Array.from({ length: 8 }, caller))
    // Each was counted between its start and its end, so these were certainly within one window.
    const overruns = allowed.filter(({ startMs }) => {
      const within = allowed.filter((other) => other.startMs >= startMs && other.endMs <= startMs + windowMs)
      return within.length > quota.limit
    })
    expect(overruns).toEqual([])
    expect(allowed.length).toBeGreaterThan(40)
  })

  test('what is denied does not count', async () => {
    const { limiter: a, name } = limiter({ limit: 1 })
    await a.check('u')
    const stored = await raw.get(keyOf(name, 'u'))
    for (let i = 0; i < 50; i++) expect(await a.check('u')).toBe(false)
    expect(await raw.get(keyOf(name, 'u'))).toBe(stored)
  })

  describe('H28: our clock is wrong by a minute', () => {
    test.each([60_000, -60_000])('%i ms: counts by the server, and tells times of ours', async (offMs) => {
      const quota = { name: `skew${offMs}`, limit: 4, windowMs: 30_000 }
      const right = limiter(quota).limiter
      const wrong = limiter({ ...quota, deadlineMs: 5001 }).limiter
      const truth = Date.now.bind(Date)
      expect([await right.check('u'), await right.check('u')]).toEqual([true, true])
      vi.spyOn(Date, 'now').mockImplementation(() => truth() + offMs)
      expect([await wrong.check('u'), await wrong.check('u'), await wrong.check('u')]).toEqual([
        true,
        true,
        false,
      ])
      const { resetAt } = await wrong.peek('u')
      expect(resetAt! - Date.now()).toBeGreaterThan(25_000)
      expect(resetAt! - Date.now()).toBeLessThanOrEqual(33_000)
    })
  })

  describe('H32: identifiers', () => {
    const hostile = [
      'a:b',
      'a',
      'a:b:c',
      '*',
      'u*',
      '?',
      '[a]',
      '{a}',
      '%',
      '%3A',
      'a%3Ab',
      ' ',
      '\n',
      'ü',
      '💥',
      '::1',
    ]

    test('each is counted alone, in one key of the family, whatever it holds', async () => {
      const { limiter: a, name } = limiter({ limit: 1 })
      const identifiers = [...hostile, 'x'.repeat(10_240), 'x'.repeat(10_241)]
      for (const identifier of identifiers) expect(await a.check(identifier)).toBe(true)
      for (const identifier of identifiers) expect(await a.check(identifier)).toBe(false)
      const keys = await raw.keys('*')
      expect(keys).toHaveLength(identifiers.length)
      for (const key of keys) {
        expect(key.length).toBeLessThan(256)
        expect(findFamily(key)).toMatchObject({ family: { id: 'ratelimit' }, parameters: { bucket: name } })
      }
      expect(await a.reset('*')).toBe(true)
      expect(await raw.dbsize()).toBe(identifiers.length - 1)
    })

    test('a bucket and an identifier cannot be mistaken for another pair', async () => {
      const one = limiter({ name: 'login', limit: 1 }).limiter
      const two = limiter({ name: 'login:1.2.3.4', limit: 1 }).limiter
      expect([await one.check('1.2.3.4:x'), await two.check('x')]).toEqual([true, true])
      expect(await raw.dbsize()).toBe(2)
    })

    test.each([
      ['allow', true],
      ['deny', false],
    ] as const)('one that is none is for the policy %s, and said', async (onUnavailable, allowed) => {
      const { limiter: a, log } = limiter({ onUnavailable })
      for (const identifier of ['', undefined, null, 42, {}] as never[]) {
        expect(await a.limit(identifier)).toMatchObject({ allowed, reason: 'unavailable', limit: 3 })
        expect(await a.reset(identifier)).toBe(false)
      }
      const result = allowed ? 'failopen' : 'failclosed'
      expect(new Set(log)).toEqual(new Set([`${result} UNUSABLE_IDENTIFIER`]))
      expect(a.getStatus().state).toBe('up')
    })
  })

  test('shadow counts, reports and allows', async () => {
    const { limiter: a, log } = limiter({ limit: 1, mode: 'shadow', onUnavailable: 'deny' })
    expect(await a.limit('u')).toMatchObject({ allowed: true, reason: 'ok' })
    expect(await a.limit('u')).toMatchObject({ allowed: true, reason: 'shadow', remaining: 0 })
    expect(await a.limit('' as never)).toMatchObject({ allowed: true, reason: 'unavailable' })
    expect(log).toEqual(['allowed', 'shadow_denied', 'failopen UNUSABLE_IDENTIFIER'])
  })

  // Upstash has no connections that a server could name.
  test.runIf(kind === 'redis')(
    'limiters share a connection of their own, which says so, and the last one ends it',
    async () => {
      const [a, b] = [limiter(), limiter()]
      await Promise.all([a.limiter.check('u'), b.limiter.check('u')])
      const connections = async () =>
        ((await raw.client('LIST')) as string)
          .split('\n')
          .filter((line) => line.includes('name=transparent-cache'))
      expect(await connections()).toHaveLength(1)
      expect((await connections())[0]).toContain('name=transparent-cache:rate-limit ')
      await a.close()
      expect(await b.limiter.check('u')).toBe(true)
      await b.close()
      await b.close()
      await vi.waitFor(async () => expect(await connections()).toHaveLength(0), 5000)
      expect(await b.limiter.limit('u')).toMatchObject({ allowed: true, reason: 'unavailable' })
      expect(await b.limiter.reset('u')).toBe(false)
    },
  )
})
