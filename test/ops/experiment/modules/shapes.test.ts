import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { createCache as createManager } from 'cache-manager'
import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { Ratelimit } from '@upstash/ratelimit'
import { Redis as UpstashRedis } from '@upstash/redis'
import { Keyv } from 'keyv'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { describe, expect, test } from 'vitest'
import { createRateLimiter, createTransparentCache } from '../../../../src/library/index.js'
import { clientsOf } from '../../../../src/ops/experiment/subjects/module/clients.js'
import type { Methods } from '../../../../src/ops/experiment/subjects/module/methods.js'
import type { ModuleReference } from '../../../../src/ops/experiment/subjects/module/module-reference.js'
import { findShape, shapeOf } from '../../../../src/ops/experiment/subjects/module/shapes/index.js'
import type { SubjectCache } from '../../../../src/ops/experiment/subjects/subject.js'

const reference: ModuleReference = { name: 'm.js', file: '/m.js', exportName: null, protocol: 'resp' }

function adapt(made: object, more: Partial<ModuleReference> = {}): SubjectCache {
  return shapeOf(made, 'm.js').adapt(made as Methods, { ...reference, ...more })
}

/** As an application writes it; `kept` is what stands in Redis. */
function ownCache(kept = new Map<string, unknown>(), asText = false) {
  return {
    kept,
    given: [] as unknown[][],
    get: (key: string) => Promise.resolve(kept.get(key) ?? null),
    set(...given: unknown[]) {
      this.given.push(given)
      kept.set(given[0] as string, asText ? String(given[1]) : given[1])
      return Promise.resolve('OK')
    },
    remove: (key: string) => Promise.resolve(kept.delete(key)),
  }
}

const bento = () =>
  new BentoCache({ default: 'app', stores: { app: bentostore().useL1Layer(memoryDriver({})) } })

describe.each([
  ['keyv', () => new Keyv(), false],
  ['cache-manager', () => createManager({ stores: [new Keyv()] }), true],
  ['bentocache', bento, true],
  ['get/set/del', () => ownCache(), false],
  ['get/set/del', () => createTransparentCache(null, null, { name: 'drill' }), true],
] as const)('a cache of the shape %s', (name, create, readsThrough) => {
  test('is told, and is a cache as drills hold one', async () => {
    const made = create() as object
    expect(findShape(made)?.name).toBe(name)
    const cache = adapt(made)
    expect(typeof cache.readThrough).toBe(readsThrough ? 'function' : 'undefined')
    for (const method of cache.relied ?? []) expect(made).toHaveProperty(method)
    const isTransparent = 'getStatus' in made
    await cache.set('k', { key: 'k', version: 2 })
    // Without a backend ours misses, which is what it is for.
    expect(await cache.get('k')).toEqual(isTransparent ? null : { key: 'k', version: 2 })
    await cache.del('k')
    expect(await cache.get('k')).toBeNull()
    if (cache.readThrough) {
      const load = () => Promise.resolve({ key: 'k', version: 3 })
      const value = { key: 'k', version: 3 }
      expect(await cache.readThrough('k', load)).toEqual({ value, loaded: true })
      expect(await cache.readThrough('k', load)).toEqual({ value, loaded: isTransparent })
    }
    await cache.close()
  })
})

test('whether a cache keeps objects or text is found by storing one, and a time to live is given as it was said', async () => {
  for (const asText of [false, true]) {
    const made = ownCache(new Map(), asText)
    const cache = adapt(made, { ttl: { ex: 300 } })
    await cache.rehearse?.()
    await cache.set('k', { key: 'k', version: 2 })
    expect(await cache.get('k')).toEqual({ key: 'k', version: 2 })
    const [, value, ttl] = made.given.at(-1) ?? []
    expect([typeof value, ttl]).toEqual([asText ? 'string' : 'object', { ex: 300 }])
    expect(cache.ttlLeftOut).toBe(false)
    expect(made.kept.has('drill:rehearsal')).toBe(false)
  }
})

describe('a limiter', () => {
  const declared = { limit: 3, windowMs: 1000, onUnavailable: 'deny' } as const

  test('of rate-limiter-flexible says itself what it allows, and its denial is no error', async () => {
    const cache = adapt(new RateLimiterMemory({ points: 2, duration: 1 }))
    const [limiter] = cache.limiters?.() ?? []
    expect(limiter).toMatchObject({ name: 'm.js', limit: 2, windowMs: 1000, onUnavailable: 'allow' })
    const answers = [await limiter!.check('x'), await limiter!.check('x'), await limiter!.check('x')]
    expect(answers.map(({ allowed }) => allowed)).toEqual([true, true, false])
  })

  test('of ours is asked by limit, which tells that it could not count', async () => {
    const cache = adapt(createRateLimiter(null, { name: 'api', ...declared }), { declared })
    expect(cache.relied).toEqual(['limit'])
    expect(await cache.limiters?.()[0]?.check('x')).toEqual({ allowed: true, counted: false })
  })

  test('of @upstash/ratelimit is asked by limit', () => {
    const redis = new UpstashRedis({ url: 'https://x.upstash.io', token: 'none' })
    const made = new Ratelimit({ redis, limiter: Ratelimit.slidingWindow(5, '1 s') })
    expect(adapt(made, { declared })).toMatchObject({ relied: ['limit'], limiterAlone: { undeclared: null } })
    expect(clientsOf(made)).toEqual([{ library: 'upstash', options: { retries: 5 } }])
  })

  test.each([
    ['a boolean', { check: () => true }, { allowed: true, counted: true }],
    ['success', { limit: () => ({ success: false, reason: null }) }, { allowed: false, counted: true }],
    ['a timeout', { limit: () => ({ success: true, reason: 'timeout' }) }, { allowed: true, counted: false }],
    ['allowed', { consume: () => ({ allowed: false }) }, { allowed: false, counted: true }],
  ])('answers by %s', async (_, made, expected) => {
    expect(await adapt(made, { declared }).limiters?.()[0]?.check('x')).toEqual(expected)
  })

  test('of which nobody says what it allows is asked, and not judged by that', async () => {
    const cache = adapt({ check: () => true })
    expect(cache.limiters?.()).toEqual([])
    expect(cache.limiterAlone?.undeclared).toMatch(/--limit 20\/1s/)
    await cache.ask?.('x')
  })

  test('whose answer says nothing is no limiter', async () => {
    await expect(adapt({ check: () => 7 }).rehearse?.()).rejects.toMatchObject({
      code: 'MODULE_LIMITER_ANSWER',
    })
  })
})

test('what is neither is told by its methods, inherited ones included', () => {
  class Store {
    fetch() {}
  }
  expect(() => shapeOf(new Store(), 'm.js#x')).toThrow(
    /neither a cache nor a limiter: it has the methods fetch\./,
  )
  expect(() => shapeOf({}, 'm.js#x')).toThrow(/it has no methods/)
})

describe('clients', () => {
  test('are found with the options that decide how long a call waits, and with nothing secret', () => {
    const options = { lazyConnect: true, password: 'hunter2', commandTimeout: 80, maxRetriesPerRequest: 1 }
    const six = new Redis({ ...options, retryStrategy: (attempt) => (attempt > 3 ? null : 40) })
    const five = new Redis5({ ...options, maxRetriesPerRequest: null })
    const rest = new UpstashRedis({
      url: 'https://x.upstash.io',
      token: 'hunter2',
      retry: { retries: 2, backoff: () => 1 },
    })
    const made = { deep: { client: six }, five, list: [rest] }
    const clients = clientsOf(made)
    expect(clients).toEqual([
      {
        library: 'ioredis@6',
        options: {
          connectTimeout: 10_000,
          commandTimeout: 80,
          maxRetriesPerRequest: 1,
          enableOfflineQueue: true,
          retryDelayMs: false,
        },
      },
      {
        library: 'ioredis@5',
        options: {
          connectTimeout: 10_000,
          commandTimeout: 80,
          maxRetriesPerRequest: null,
          enableOfflineQueue: true,
        },
      },
      { library: 'upstash', options: { retries: 2 } },
    ])
    expect(JSON.stringify(clients)).not.toMatch(/hunter2|upstash\.io/)
    for (const client of [six, five]) client.disconnect()
  })

  test('no getter is asked, and a circle has an end', () => {
    const made: Record<string, unknown> = {
      get client() {
        throw new Error('asked')
      },
    }
    made['self'] = made
    expect(clientsOf(made)).toEqual([])
  })
})
