import { describe, expect, test } from 'vitest'
import { timeToFallbackOf } from '../../../src/ops/client-options/index.js'
import { worstOf, type ClientLibrary } from '../../../src/ops/client-options/time-to-fallback.js'

const defaultsOf = (library: ClientLibrary) => timeToFallbackOf(library).timeToFallback

/** reference/ops.md §0.1, in seconds: what one call took with the client's defaults. */
describe('the defaults, against what was measured', () => {
  test.each([
    ['ioredis@5', 10.73],
    ['ioredis@5', 10.42],
    ['ioredis@5', 10.6],
    ['ioredis@6', 73.73],
    ['ioredis@6', 72.76],
    ['ioredis@6', 73.7],
    ['upstash', 4.37],
  ] as const)('%s refused: %d s', (library, seconds) => {
    const [least, most] = defaultsOf(library).refused.firstMs!
    // The measurement also has the time that the attempts themselves took.
    expect(seconds * 1000).toBeGreaterThanOrEqual(least - 100)
    expect(seconds * 1000).toBeLessThanOrEqual(most + 300)
  })

  test.each(['ioredis@5', 'ioredis@6', 'upstash'] as const)('%s hung: for ever', (library) => {
    expect(defaultsOf(library).stalled).toMatchObject({ firstMs: null, worstMs: null })
    expect(worstOf(defaultsOf(library))).toBeNull()
  })

  test('the sums: 10.5 s, 71.35 s and at most 20 x 199 ms of jitter, 4.29 s', () => {
    expect(defaultsOf('ioredis@5').refused.firstMs).toEqual([10_500, 10_500])
    expect(defaultsOf('ioredis@6').refused.firstMs).toEqual([71_350, 71_350 + 20 * 199])
    expect(defaultsOf('upstash').refused.firstMs![0]).toBeCloseTo(4290, -1)
  })

  test('a call that comes later in the outage waits a whole round of the longest pauses', () => {
    expect(defaultsOf('ioredis@5').refused.worstMs).toBe(21 * 2000)
    expect(defaultsOf('ioredis@6').refused.worstMs).toBe(21 * 5199)
    expect(defaultsOf('ioredis@5').unreachable.worstMs).toBe(21 * 12_000)
  })
})

describe('options', () => {
  const of = (options: Record<string, number | boolean | null>, library: ClientLibrary = 'ioredis@6') =>
    timeToFallbackOf(library, options).timeToFallback

  test('commandTimeout bounds everything, and alone it is paid by every call', () => {
    const alone = of({ commandTimeout: 250 })
    expect(worstOf(alone)).toBe(250)
    expect(alone.everyCallPays).toBe(true)
    const fixed = of({
      commandTimeout: 250,
      socketTimeout: 1000,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
    })
    expect(worstOf(fixed)).toBe(250)
    expect(fixed.refused.worstMs).toBe(0)
    expect(fixed.everyCallPays).toBe(false)
  })

  /** Measured on both majors: a get every 50 ms, 2.5 s of silence, 300 ms of socketTimeout, 200 ms of commandTimeout. */
  test.each([
    [{ socketTimeout: 300, maxRetriesPerRequest: 0 }, true, 5499],
    [{ socketTimeout: 300, maxRetriesPerRequest: 0, commandTimeout: 200 }, true, 200],
    [{ socketTimeout: 300, maxRetriesPerRequest: 0, enableOfflineQueue: false }, false, 0],
    [
      { socketTimeout: 300, maxRetriesPerRequest: 3, commandTimeout: 200, enableOfflineQueue: false },
      false,
      0,
    ],
    [{ maxRetriesPerRequest: 0, commandTimeout: 200, enableOfflineQueue: false }, true, 200],
    [{}, true, null],
  ])('%j: every call pays %s, at most %s ms each', (options, everyCallPays, lastingMs) => {
    const bounded = { connectTimeout: 300, ...options }
    expect(of(bounded)).toMatchObject({ everyCallPays, lastingMs })
  })

  test('a server that loads its data: the offline queue waits for it, and nothing else does', () => {
    expect(of({}).loading.worstMs).toBeNull()
    expect(of({ commandTimeout: 250 }).loading.worstMs).toBe(250)
    expect(of({ enableOfflineQueue: false }).loading.worstMs).toBe(0)
    expect(of({}, 'upstash').loading.worstMs).toBe(0)
    expect(of({}, 'transparent-cache').loading.worstMs).toBe(100)
  })

  test('the library without its breaker: on Upstash every call waits for its deadline', () => {
    const lasting = (options: Record<string, string | boolean>) =>
      timeToFallbackOf('transparent-cache', options).timeToFallback.lastingMs
    expect([
      lasting({}),
      lasting({ breaker: false }),
      lasting({ breaker: false, backend: 'upstash' }),
    ]).toEqual([0, 0, 300])
  })

  test('who keeps what is called while Redis is away: the offline queue alone', () => {
    expect(of({}).offlineQueue).toBe(true)
    expect(of({ enableOfflineQueue: false }).offlineQueue).toBe(false)
    expect([of({}, 'upstash').offlineQueue, of({}, 'transparent-cache').offlineQueue]).toEqual([false, false])
  })

  test('socketTimeout without commandTimeout only helps when no retry is allowed', () => {
    expect(of({ socketTimeout: 1000 }).stalled.worstMs).toBeNull()
    expect(
      of({ socketTimeout: 1000, maxRetriesPerRequest: 0, enableOfflineQueue: false }).stalled.worstMs,
    ).toBe(1000)
    expect(of({ socketTimeout: 1000, maxRetriesPerRequest: 0 }).stalled.worstMs).toBe(6199)
  })

  test('maxRetriesPerRequest: null waits for ever, unless commandTimeout says otherwise', () => {
    expect(of({ maxRetriesPerRequest: null }).refused.worstMs).toBeNull()
    expect(of({ maxRetriesPerRequest: null, commandTimeout: 300 }).refused).toMatchObject({
      firstMs: [300, 300],
      worstMs: 300,
    })
  })

  test('no retries: the first call fails at once, a later one after the pause that is going on', () => {
    expect(of({ maxRetriesPerRequest: 0 }, 'ioredis@5').refused).toMatchObject({
      firstMs: [0, 0],
      worstMs: 2000,
    })
  })

  test('an own retryStrategy', () => {
    expect(of({ retryDelayMs: 100, maxRetriesPerRequest: 2 }).refused).toMatchObject({
      firstMs: [200, 200],
      worstMs: 300,
    })
    expect(timeToFallbackOf('ioredis@6', { retryDelayMs: false }).timeToFallback.refused.worstMs).toBe(0)
  })

  test('Upstash: a signal bounds the call; the library its deadline', () => {
    expect(worstOf(of({ retries: 0, timeoutMs: 300 }, 'upstash'))).toBe(300)
    expect(of({ retries: 1, timeoutMs: 300 }, 'upstash').stalled.worstMs).toBe(300)
    // 0, 50 and 186 ms come before the signal; the attempt after it ends the call.
    expect(of({ timeoutMs: 300 }, 'upstash').refused.worstMs).toBeCloseTo(555, 0)
    expect(of({ retries: false, timeoutMs: 300 }, 'upstash').refused.worstMs).toBe(0)
    expect(worstOf(of({}, 'transparent-cache'))).toBe(100)
    expect(worstOf(timeToFallbackOf('transparent-cache', { backend: 'upstash' }).timeToFallback)).toBe(300)
  })

  test('what does not decide is left out and named; a slip and a wrong value are refused', () => {
    expect(timeToFallbackOf('ioredis@6', { keyPrefix: 'x', tls: true }).ignored).toEqual(['keyPrefix', 'tls'])
    expect(() => of({ comandTimeout: 100 })).toThrow(/has no option "comandTimeout"/)
    expect(() => of({ commandTimeout: true })).toThrow(/commandTimeout \(ioredis@6\) is not a time in ms/)
    expect(() => of({ maxRetriesPerRequest: 1.5 })).toThrow(/is not a count or null/)
  })
})
