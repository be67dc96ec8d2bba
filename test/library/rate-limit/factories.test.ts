import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createRateLimiter,
  createTransparentRateLimiter,
  getRateLimiter,
  onEvent,
  OptionError,
  setLogger,
  type LibraryEvent,
  type RateLimitBackend,
} from '../../../src/library/index.js'
import { until } from '../../support/clients.js'

const SECRET = 's3cr3t'
const redis = { backend: 'redis', url: `redis://:${SECRET}@127.0.0.1:1` } as const
const upstash = { backend: 'upstash', url: 'https://eu1.upstash.io', token: SECRET } as const
const quota = { limit: 3, windowMs: 1000 }

let lines: string[]
let events: LibraryEvent[]
let stop: () => void
beforeEach(() => {
  lines = []
  events = []
  stop = onEvent((event) => events.push(event))
  const write = (message: string, fields: object) => lines.push(`${message} ${JSON.stringify(fields)}`)
  setLogger({ warn: write, info: write })
})
afterEach(() => {
  stop()
  setLogger(null)
  vi.unstubAllEnvs()
})

describe('options are checked when the limiter is built', () => {
  test.each([
    ['limit', { limit: 0 }],
    ['limit', { limit: 1.5 }],
    ['limit', { limit: 10_000_001 }],
    ['limit', { limit: '10' }],
    ['windowMs', { windowMs: 99 }],
    ['windowMs', { windowMs: Number.NaN }],
    ['windowMs', { windowMs: undefined }],
    ['name', { name: '' }],
    ['name', { name: undefined }],
    ['onUnavailable', { onUnavailable: 'open' }],
    ['mode', { mode: 'dry-run' }],
    ['deadlineMs', { deadlineMs: 0 }],
  ])('%s: %j', (option, wrong) => {
    for (const backend of [null, redis, upstash]) {
      const build = () => createRateLimiter(backend, { name: 'x', ...quota, ...wrong } as never)
      expect(build).toThrow(OptionError)
      expect(build).toThrow(new RegExp(`^${option}: .+ is not .+`))
    }
  })

  test('that do not exist, without their value: a mistyped policy must not leave a door open', () => {
    const mistyped = { name: 'x', ...quota, onUnavailble: SECRET } as never
    for (const backend of [null, redis, upstash])
      expect(() => createRateLimiter(backend, mistyped)).toThrow(
        /^onUnavailble is not an option; there are name, onUnavailable, .*, windowMs, selfCheck$/,
      )
    expect(() => createTransparentRateLimiter(null, { limit: 3 } as never)).toThrow(/^limit is not an option/)
  })

  test('a backend that was not resolved is refused, and a password in it not repeated', () => {
    for (const backend of [redis.url, { url: redis.url }, { backend: 'memcached', url: redis.url }]) {
      const build = () => createRateLimiter(backend as never, { name: 'x', ...quota })
      expect(build).toThrow(/^backend is not what resolveRedisBackend answers/)
      expect(build).not.toThrow(new RegExp(SECRET))
    }
  })

  test('of a wrapped one too', () => {
    expect(() => createTransparentRateLimiter(null, { onUnavailable: 'x' as never })).toThrow(OptionError)
    expect(() => createRateLimiter(null, undefined as never)).toThrow('options: undefined is not an object')
  })
})

test('without a backend: allows everything, claims nothing, and says so', async () => {
  const name = 'none'
  const limiter = createRateLimiter(null, { name, ...quota, onUnavailable: 'deny' })
  createRateLimiter(null, { name, ...quota, onUnavailable: 'deny' })
  expect(limiter.getBackendType()).toBe('allowall')
  expect(limiter.getStatus()).toMatchObject({
    backend: 'allowall',
    state: 'degraded',
    onUnavailable: 'deny',
  })
  expect(await limiter.check('u')).toBe(true)
  expect(await limiter.limit('u')).toMatchObject({ allowed: true, reason: 'unavailable', remaining: null })
  expect(await limiter.peek('u')).toMatchObject({ reason: 'unavailable', limit: 3 })
  expect(await limiter.reset('u')).toBe(true)
  await limiter.close()
  const results = events.flatMap((event) => (event.type === 'check' ? [event] : []))
  expect(results).toHaveLength(2)
  expect(results[0]).toMatchObject({ backend: 'allowall', result: 'failopen', errorType: null })
  expect(lines).toEqual([
    `[TransparentRateLimiter] AllowAllRateLimiter active - rate limiting disabled {"limiter":"${name}"}`,
    expect.stringContaining("although it is declared 'deny'"),
  ])
})

test.each([
  ['allow', true, 'failopen'],
  ['deny', false, 'failclosed'],
] as const)(
  'on an Upstash that is not there: %s, in time and without the token',
  async (policy, allowed, result) => {
    const backend = { backend: 'upstash', url: 'http://127.0.0.1:9', token: SECRET } as const
    const limiter = createRateLimiter(backend, { name: `away-${policy}`, ...quota, onUnavailable: policy })
    expect(limiter.getBackendType()).toBe('upstash')
    for (let i = 0; i < 8; i++) expect(await limiter.check('u')).toBe(allowed)
    expect(limiter.getStatus().state).toBe('down')
    await limiter.close()
    const results = events.flatMap((event) =>
      event.type === 'check' ? [`${event.backend} ${event.result}`] : [],
    )
    expect(results).toEqual(Array(8).fill(`upstash ${result}`))
    expect(JSON.stringify([lines, events])).not.toContain(SECRET)
  },
)

describe('around any limiter', () => {
  const wrap = (check: (id: string) => unknown, options = {}) => {
    const backend = { check, getType: () => 'redis' } as RateLimitBackend
    return createTransparentRateLimiter(backend, { name: `foreign-${Math.random()}`, ...options })
  }

  test('passes on yes and no', async () => {
    const limiter = wrap((id) => Promise.resolve(id === 'friend'))
    expect([await limiter.check('friend'), await limiter.check('foe')]).toEqual([true, false])
    expect(limiter.getBackendType()).toBe('redis')
    expect(limiter.getStatus().state).toBe('up')
    await limiter.close()
  })

  test.each([
    ['rejects', () => Promise.reject(Object.assign(new Error(`check ${SECRET}`), { code: 'ECONNREFUSED' }))],
    [
      'throws',
      () => {
        throw new Error(SECRET)
      },
    ],
    ['hangs', () => new Promise(() => undefined)],
    ['answers nonsense', () => Promise.resolve({ success: true })],
    ['has no check', undefined as never],
  ])('%s: its policy, in time, counted and said without a secret', async (_, check) => {
    for (const onUnavailable of ['allow', 'deny'] as const) {
      const limiter = wrap(check, { onUnavailable, deadlineMs: 30 })
      for (let i = 0; i < 8; i++) expect(await limiter.check(SECRET)).toBe(onUnavailable === 'allow')
      await limiter.close()
    }
    const checks = events.flatMap((event) => (event.type === 'check' ? [event.result] : []))
    expect(checks).toEqual([...Array<string>(8).fill('failopen'), ...Array<string>(8).fill('failclosed')])
    expect(lines).toHaveLength(2)
    expect(JSON.stringify([lines, events])).not.toContain(SECRET)
  })

  test('is asked in the background while it is down, and believed again', async () => {
    let down = true
    const asked: string[] = []
    const limiter = wrap((id) => {
      asked.push(id)
      return down
        ? Promise.reject(Object.assign(new Error(), { code: 'ECONNRESET' }))
        : Promise.resolve(false)
    })
    for (let i = 0; i < 10; i++) await limiter.check('u')
    expect(asked).toHaveLength(5)
    expect(limiter.getStatus().state).toBe('down')
    down = false
    await until('up', () => limiter.getStatus().state === 'up')
    expect(asked.at(-1)).toBe('transparent-cache:probe')
    expect(await limiter.check('u')).toBe(false)
    await limiter.close()
  })

  test('a backend that cannot tell its type is a limiter all the same', async () => {
    const limiter = createTransparentRateLimiter({ check: () => Promise.resolve(true) } as never)
    expect([limiter.getBackendType(), await limiter.check('u')]).toEqual(['redis', true])
    await limiter.close()
  })
})

describe('getRateLimiter', () => {
  test.each([
    ['nothing set', {}, 'allowall'],
    ['Redis', { REDIS_URL: 'redis://127.0.0.1:1' }, 'redis'],
    ['switched off', { REDIS_URL: 'redis://127.0.0.1:1', ENABLE_RATE_LIMITER_REDIS: 'False' }, 'allowall'],
    ['no provider', { REDIS_URL: 'redis://127.0.0.1:1', RATE_LIMIT_PROVIDER: 'none' }, 'allowall'],
    ['another provider’s switch', { REDIS_URL: 'redis://127.0.0.1:1', CACHE_PROVIDER: 'none' }, 'redis'],
  ])('%s: one limiter, never null', async (what, environment, type) => {
    for (const name of ['REDIS_URL', 'UPSTASH_REDIS_REST_URL', 'RATE_LIMIT_PROVIDER', 'CACHE_PROVIDER'])
      vi.stubEnv(name, undefined)
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    const limiter = getRateLimiter({ name: `env ${what}`, onUnavailable: 'allow' })
    expect(getRateLimiter({ name: `env ${what}` })).toBe(limiter)
    expect(limiter.getBackendType()).toBe(type)
    expect(await limiter.check('u')).toBe(true)
    await limiter.close()
    const next = getRateLimiter({ name: `env ${what}` })
    expect(next).not.toBe(limiter)
    await limiter.close()
    expect(getRateLimiter({ name: `env ${what}` })).toBe(next)
    await next.close()
  })

  test('says what cannot be right in the environment', async () => {
    vi.stubEnv('RATE_LIMIT_PROVIDER', 'redis')
    vi.stubEnv('REDIS_URL', `https://${SECRET}@x`)
    const limiter = getRateLimiter({ name: 'wrong' })
    expect(limiter.getBackendType()).toBe('allowall')
    expect(lines.join('\n')).toContain(
      '[TransparentRateLimiter] REDIS_URL is not a redis:// or rediss:// URL',
    )
    expect(lines.join('\n')).not.toContain(SECRET)
  })
})
