import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { openCache, until, type TestCache } from '../../support/clients.js'
import { BACKENDS, startBackend, type BackendUnderTest } from '../../support/backends.js'

describe.each(BACKENDS)('on %s', (kind) => {
  let server: BackendUnderTest
  let raw: Redis
  let a: TestCache
  let b: TestCache

  beforeAll(async () => {
    server = await startBackend(kind)
    raw = new Redis(server.redis.url)
  })
  afterAll(async () => {
    raw.disconnect()
    await server.stop()
  })
  beforeEach(async () => {
    await raw.flushall()
    a = openCache(server.backend, { deadlineMs: 2000 })
    b = openCache(server.backend, { deadlineMs: 2000 })
  })
  afterEach(async () => {
    await a.close()
    await b.close()
  })

  /** A load that waits until it is told what to answer. */
  function openLoad() {
    let answer!: (value: unknown) => void
    let fail!: (error: Error) => void
    const result = new Promise((resolve, reject) => ([answer, fail] = [resolve, reject]))
    const calls = { count: 0 }
    const load = () => {
      calls.count++
      return result
    }
    return { load, calls, answer, fail }
  }
  const stored = (key: string) => until(`${key} to be stored`, async () => (await raw.get(key)) !== null)

  test('loads once, stores, and hits from then on, also elsewhere', async () => {
    const load = () => Promise.resolve({ v: 1 })
    expect(await a.cache.getOrLoad('k', load, { ttlSeconds: 50 })).toEqual({ v: 1 })
    await stored('k')
    expect(await raw.pttl('k')).toBeLessThanOrEqual(50_000)
    const never = () => Promise.reject(new Error('must not be asked'))
    expect([await a.cache.getOrLoad('k', never), await b.cache.getOrLoad('k', never)]).toEqual([
      { v: 1 },
      { v: 1 },
    ])
  })

  test('a hundred callers share one load, and none of them an object', async () => {
    const { load, calls, answer } = openLoad()
    const callers = Array.from(
      { length: 100 },
      () => a.cache.getOrLoad('k', load) as Promise<{ list: number[] }>,
    )
    await until('everybody to have looked', () => a.log.filter((line) => line === 'get miss').length === 100)
    answer({ list: [1] })
    const values = await Promise.all(callers)
    values[0]!.list.push(2)
    expect(values.slice(1).every(({ list }) => list.length === 1)).toBe(true)
    expect(calls.count).toBe(1)
  })

  test.each([
    ['too large', 'x'.repeat(1_048_577)],
    ['no JSON', new Map([[1, 2]])],
  ])('nor where the value is not stored, because it is %s', async (_, content) => {
    const { load, calls, answer } = openLoad()
    interface Value {
      list: number[]
      at: Date
      content: unknown
    }
    const value = { list: [1], at: new Date(0), content }
    const callers = [1, 2, 3].map(() => a.cache.getOrLoad('k', load) as Promise<Value>)
    await until('everybody to have looked', () => a.log.filter((line) => line === 'get miss').length === 3)
    answer(value)
    const values = await Promise.all(callers)
    expect(values).toEqual([value, value, value])
    values[0]!.list.push(2)
    values[0]!.at.setTime(1)
    expect(values.slice(1)).toEqual(Array(2).fill({ list: [1], at: new Date(0), content }))
    values[1]!.list.push(3)
    expect(values[2]!.list).toEqual([1])
    expect(calls.count).toBe(1)
  })

  test('the loader’s own error reaches every caller, and nothing is stored', async () => {
    const { load, calls, fail } = openLoad()
    const callers = [a.cache.getOrLoad('k', load), a.cache.getOrLoad('k', load)]
    const caught = callers.map((caller) => caller.catch((error: unknown) => error))
    await until('the load', () => calls.count === 1)
    const error = new Error('the database is down')
    fail(error)
    expect(await Promise.all(caught)).toEqual([error, error])
    expect(await raw.exists('k')).toBe(0)
    expect(await a.cache.getOrLoad('k', () => Promise.resolve(1))).toBe(1)
  })

  test('null is answered and not stored', async () => {
    expect(await a.cache.getOrLoad('k', () => Promise.resolve(null))).toBeNull()
    expect(await raw.exists('k')).toBe(0)
  })

  describe('a load that began before an invalidation is neither stored nor joined', () => {
    test.each(['its own process', 'another process'])('by %s', async (who) => {
      const old = openLoad()
      const first = a.cache.getOrLoad('k', old.load)
      await until('the load', () => old.calls.count === 1)
      await (who === 'its own process' ? a : b).cache.del('k')
      expect(await a.cache.getOrLoad('k', () => Promise.resolve('fresh'))).toBe('fresh')
      await until('the fresh value', async () => (await raw.get('k')) === '"fresh"')
      old.answer('stale')
      expect(await first).toBe('stale')
      // Whatever the old load would have written is answered before this.
      await a.cache.get('other')
      expect(await raw.get('k')).toBe('"fresh"')
    })

    test('nor by a set in its own process', async () => {
      const old = openLoad()
      const first = a.cache.getOrLoad('k', old.load)
      await until('the load', () => old.calls.count === 1)
      await a.cache.set('k', 'fresh')
      old.answer('stale')
      await first
      await a.cache.get('other')
      expect(await b.cache.get('k')).toBe('fresh')
    })
  })

  test('hot keys stay hits although they are invalidated often and read by many', async () => {
    let source = 0
    let loads = 0
    let reads = 0
    const load = async () => {
      loads++
      const version = source
      await new Promise((resolve) => setTimeout(resolve, 5))
      return { version }
    }
    const end = performance.now() + 1500
    const reader = async () => {
      while (performance.now() < end) {
        reads++
        await a.cache.getOrLoad('hot', load)
      }
    }
    const writer = async () => {
      while (performance.now() < end) {
        source++
        await b.cache.del('hot')
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    await Promise.all([writer(), ...Array.from({ length: 10 }, reader)])
    expect(reads).toBeGreaterThan(200)
    expect(loads / reads).toBeLessThan(0.25)
  })

  test('without a backend it still shares loads, and forgets them when told', async () => {
    const cache = createTransparentCache<{ v: number }>(null, null)
    const { load, calls, answer } = openLoad()
    const callers = [1, 2, 3].map(() => cache.getOrLoad('k', load as never))
    await cache.del('k')
    const fresh = cache.getOrLoad('k', () => Promise.resolve({ v: 2 }))
    answer({ v: 1 })
    expect(await Promise.all(callers)).toEqual([{ v: 1 }, { v: 1 }, { v: 1 }])
    expect([calls.count, await fresh]).toEqual([1, { v: 2 }])
  })
})
