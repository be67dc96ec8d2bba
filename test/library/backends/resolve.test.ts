import { describe, expect, test, vi } from 'vitest'
import { resolveBackend, resolveRedisBackend } from '../../../src/library/backends/resolve.js'
import { onEvent, setLogger, type LibraryEvent } from '../../../src/library/index.js'

const REDIS = 'redis://127.0.0.1:6379'
const redis = { REDIS_URL: REDIS }
const upstash = { UPSTASH_REDIS_REST_URL: 'https://eu1.upstash.io', UPSTASH_REDIS_REST_TOKEN: 'tok' }
const asRedis = { backend: 'redis', url: REDIS }
const asUpstash = { backend: 'upstash', url: 'https://eu1.upstash.io', token: 'tok' }

test.each([
  ['nothing set', {}, null, 'nothing is set', []],
  ['empty means unset', { REDIS_URL: ' ' }, null, 'nothing is set', []],
  ['Redis', redis, asRedis, 'REDIS_URL', []],
  [
    'Redis with password',
    { ...redis, REDIS_PASSWORD: 'pw' },
    { ...asRedis, password: 'pw' },
    'REDIS_URL',
    [],
  ],
  ['Upstash', upstash, asUpstash, 'UPSTASH_REDIS_REST_URL', []],
  [
    'both: Redis wins and it is said',
    { ...redis, ...upstash },
    asRedis,
    'REDIS_URL',
    [/both.*REDIS_URL is used/],
  ],
  [
    'a database that is no number',
    { REDIS_URL: `${REDIS}/cache` },
    null,
    'nothing is set',
    [/database that is not a number/],
  ],
  ['override', { ...redis, ...upstash, CACHE_PROVIDER: 'Upstash' }, asUpstash, 'CACHE_PROVIDER', []],
  ['switched off', { ...redis, CACHE_PROVIDER: 'none' }, null, 'CACHE_PROVIDER', []],
  [
    'asked for what is not there',
    { ...redis, CACHE_PROVIDER: 'upstash' },
    null,
    'CACHE_PROVIDER',
    [/asks for upstash/],
  ],
  [
    'unknown provider',
    { ...redis, CACHE_PROVIDER: 'memcached' },
    asRedis,
    'REDIS_URL',
    [/none of redis, upstash, none/],
  ],
  [
    'half of Upstash',
    { UPSTASH_REDIS_REST_URL: 'https://x.io' },
    null,
    'nothing is set',
    [/TOKEN is missing/],
  ],
  ['wrong scheme', { REDIS_URL: 'https://x' }, null, 'nothing is set', [/REDIS_URL is not a redis/]],
  [
    'a bare %',
    { REDIS_URL: 'redis://:50%off@h' },
    null,
    'nothing is set',
    [/REDIS_URL is not decodable: a %/],
  ],
  ['garbage', { REDIS_URL: '::::' }, null, 'nothing is set', [/REDIS_URL is not a redis/]],
  ['password alone', { REDIS_PASSWORD: 'pw' }, null, 'nothing is set', [/REDIS_PASSWORD is set without/]],
] as const)('%s', (_, environment, backend, decidedBy, problems) => {
  const resolution = resolveBackend(environment)
  expect(resolution).toMatchObject({ backend, decidedBy })
  expect(resolution.problems).toHaveLength(problems.length)
  problems.forEach((problem, index) => expect(resolution.problems[index]).toMatch(problem))
})

test('the rate limiter has a provider variable of its own', () => {
  const environment = { ...redis, ...upstash, RATE_LIMIT_PROVIDER: 'upstash' }
  expect(resolveBackend(environment, 'rate-limit').backend).toEqual(asUpstash)
  expect(resolveBackend(environment, 'cache').backend).toEqual(asRedis)
})

describe('a flag of its own', () => {
  const flags = {
    'rate-limit': 'ENABLE_RATE_LIMITER_REDIS',
    'auth-validation': 'ENABLE_AUTH_VALIDATION_CACHE',
    conversations: 'ENABLE_CONVERSATION_CACHING',
  } as const
  const purposes = ['cache', 'rate-limit', 'auth-validation', 'conversations'] as const

  test.each(Object.entries(flags))('%s is switched off by %s, and nothing else is', (purpose, flag) => {
    for (const off of ['false', ' FALSE', '0', 'no', 'off']) {
      const environment = { ...redis, CACHE_PROVIDER: 'redis', RATE_LIMIT_PROVIDER: 'redis', [flag]: off }
      for (const each of purposes) {
        const { backend, decidedBy } = resolveBackend(environment, each)
        expect(backend).toEqual(each === purpose ? null : asRedis)
        expect(decidedBy === flag).toBe(each === purpose)
      }
    }
  })

  test('is on unless it is set to no', () => {
    for (const on of [undefined, '', 'true', '1', 'yes', 'on', 'maybe']) {
      for (const [purpose, flag] of Object.entries(flags))
        expect(resolveBackend({ ...redis, [flag]: on }, purpose as keyof typeof flags).backend).toEqual(
          asRedis,
        )
    }
  })

  test('caches of either purpose follow CACHE_PROVIDER', () => {
    const environment = { ...redis, ...upstash, CACHE_PROVIDER: 'upstash' }
    expect(purposes.map((purpose) => resolveBackend(environment, purpose).backend)).toEqual([
      asUpstash,
      asRedis,
      asUpstash,
      asUpstash,
    ])
  })
})

test('no problem text repeats a value', () => {
  const secret = 's3cr3t-value'
  const environments = [
    { REDIS_URL: `http://u:${secret}@h`, REDIS_PASSWORD: secret, CACHE_PROVIDER: secret },
    { UPSTASH_REDIS_REST_TOKEN: secret },
    { UPSTASH_REDIS_REST_URL: `ftp://${secret}`, UPSTASH_REDIS_REST_TOKEN: secret },
  ]
  for (const environment of environments) {
    expect(JSON.stringify(resolveBackend(environment).problems)).not.toContain(secret)
  }
})

test('without an argument it is the environment of this process', () => {
  vi.stubEnv('REDIS_URL', REDIS)
  expect([resolveBackend().backend, resolveRedisBackend()]).toEqual([asRedis, asRedis])
  vi.unstubAllEnvs()
})

test('the short form says what is wrong, once for caches and once for limiters', () => {
  setLogger(null)
  const heard: LibraryEvent[] = []
  const stopHearing = onEvent((event) => heard.push(event))
  for (const purpose of ['cache', 'rate-limit', 'auth-validation', 'conversations', 'rate-limit'] as const)
    expect(resolveRedisBackend({ REDIS_URL: 'localhost:6379' }, purpose)).toBeNull()
  stopHearing()
  const message = 'REDIS_URL is not a redis:// or rediss:// URL'
  expect(heard).toEqual([
    { type: 'warning', part: 'cache', subject: 'environment', message },
    { type: 'warning', part: 'limiter', subject: 'environment', message },
  ])
  expect(resolveRedisBackend({ ...redis, ...upstash, RATE_LIMIT_PROVIDER: 'upstash' }, 'rate-limit')).toEqual(
    asUpstash,
  )
})
