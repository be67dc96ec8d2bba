import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRateLimiter } from '../../../src/library/rate-limit/create-rate-limiter.js'
import { startBackend, type BackendUnderTest } from '../../support/backends.js'

let server: BackendUnderTest
beforeAll(async () => {
  server = await startBackend('upstash')
})
afterAll(() => server.stop())

test('H30: one limiter on Redis and on Upstash has one count and one answer', async () => {
  const quota = { name: 'shared', limit: 20, windowMs: 60_000, deadlineMs: 5000 }
  const limiters = [{ backend: 'redis', url: server.redis.url } as const, server.backend].map((backend) =>
    createRateLimiter(backend, quota),
  )
  expect(limiters.map((limiter) => limiter.getBackendType())).toEqual(['redis', 'upstash'])
  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => limiters[index % 2]!.check('u')))
  expect(answers.filter(Boolean)).toHaveLength(20)
  const [redis, upstash] = await Promise.all(limiters.map((limiter) => limiter.peek('u')))
  expect(upstash).toMatchObject({ allowed: false, remaining: redis!.remaining, limit: redis!.limit })
  expect(Math.abs(upstash!.retryAfterMs - redis!.retryAfterMs)).toBeLessThan(5000)
  await Promise.all(limiters.map((limiter) => limiter.close()))
})
