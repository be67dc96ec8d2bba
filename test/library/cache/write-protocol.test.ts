import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { supersedeScript } from '../../../src/library/cache/supersede-script.js'
import { isTombstone } from '../../../src/library/cache/tombstone.js'
import { onEvent } from '../../../src/library/kernel/events.js'
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
    await raw.config('SET', 'maxmemory', '0')
    await raw.flushall()
    a = openCache(server.backend, { deadlineMs: 2000 })
    b = openCache(server.backend, { deadlineMs: 2000 })
  })
  afterEach(async () => {
    await a.close()
    await b.close()
  })

  test('what is stored is plain JSON with a TTL, shortened by the jitter and never lengthened', async () => {
    await a.cache.set('k', { name: 'Ada', tags: [1, 'x'] }, 100)
    expect(await raw.get('k')).toBe('{"name":"Ada","tags":[1,"x"]}')
    const ttl = await raw.pttl('k')
    expect(ttl).toBeGreaterThan(85_000)
    expect(ttl).toBeLessThanOrEqual(100_000)
    expect(await b.cache.get('k')).toEqual({ name: 'Ada', tags: [1, 'x'] })
  })

  describe('del', () => {
    test('leaves a tombstone for a while, which is a miss for everybody', async () => {
      await a.cache.set('k', 1)
      await a.cache.del('k')
      expect(isTombstone((await raw.get('k'))!)).toBe(true)
      expect(await raw.pttl('k')).toBeLessThanOrEqual(5000)
      expect([await a.cache.get('k'), await b.cache.get('k')]).toEqual([null, null])
    })

    test('a load from before it is not stored by a process that lost another write meanwhile', async () => {
      // Two callers miss and load what is old then.
      expect([await a.cache.get('k'), await a.cache.get('k')]).toEqual([null, null])
      await b.cache.del('k')
      await b.cache.set('k', 'new')
      // One of the writes cannot be stored, so whatever stands there gives way.
      await a.cache.set('k', () => undefined)
      await a.cache.set('k', 'old')
      expect(await b.cache.get('k')).toBeNull()
    })

    test('del then set in one process always stores, also at once and over a foreign set', async () => {
      for (let i = 0; i < 20; i++) {
        await b.cache.set('k', `other ${i}`)
        await a.cache.del('k')
        await a.cache.set('k', i)
        expect(await b.cache.get('k')).toBe(i)
      }
    })

    test('a set computed before another process’s del is never stored', async () => {
      for (const seeded of [false, true]) {
        await raw.del('k')
        if (seeded) await b.cache.set('k', 'old')
        // A looks, computes from what the source said then …
        await a.cache.get('k')
        // … B changes the source and invalidates …
        await b.cache.del('k')
        await a.cache.set('k', 'stale')
        expect(await b.cache.get('k')).toBeNull()
        expect(a.log.at(-1)).toBe('set refused REFUSED')
      }
    })

    test('nor when somebody has stored the fresh value meanwhile, nor when it looks as empty as before', async () => {
      await a.cache.get('k')
      await b.cache.del('k')
      await b.cache.set('k', 'fresh')
      await a.cache.set('k', 'stale')
      expect(await b.cache.get('k')).not.toBe('stale')
      expect(a.log.at(-1)).toBe('set refused CONFLICT')
    })

    test('a load that began after the del may store at once', async () => {
      await b.cache.del('k')
      expect(await a.cache.get('k')).toBeNull()
      await a.cache.set('k', 'fresh')
      expect(await b.cache.get('k')).toBe('fresh')
    })

    test('300 races of a slow load against an update: no old value is ever left', async () => {
      let left = 0
      await Promise.all(
        Array.from({ length: 300 }, async (_, i) => {
          const key = `race:${i}`
          let source = 'old'
          const reader = async () => {
            if ((await a.cache.get(key)) !== null) return
            const loaded = source
            await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
            await a.cache.set(key, loaded)
          }
          const writer = async () => {
            await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
            source = 'new'
            await b.cache.del(key)
          }
          await Promise.all([reader(), writer()])
          if ((await b.cache.get(key)) === 'old') left++
        }),
      )
      expect(left).toBe(0)
    })
  })

  describe('set', () => {
    test('two processes that store the same thing do not disturb each other', async () => {
      await Promise.all([a.cache.get('k'), b.cache.get('k')])
      await a.cache.set('k', { v: 1 })
      await b.cache.set('k', { v: 1 })
      expect(b.log.at(-1)).toBe('set ok')
      expect(await a.cache.get('k')).toEqual({ v: 1 })
    })

    test('of two that store different things neither is kept, as nobody knows which is newer', async () => {
      await Promise.all([a.cache.get('k'), b.cache.get('k')])
      await a.cache.set('k', { v: 1 })
      await b.cache.set('k', { v: 2 })
      expect([await a.cache.get('k'), await b.cache.get('k')]).toEqual([null, null])
      await a.cache.set('k', { v: 3 })
      expect(await b.cache.get('k')).toEqual({ v: 3 })
    })

    test('without having looked, the last one wins, as with any cache', async () => {
      await a.cache.set('k', 1)
      await b.cache.set('k', 2)
      expect(await a.cache.get('k')).toBe(2)
    })

    test('a value that cannot be decoded is a miss, and is overwritten', async () => {
      for (const garbage of ['{"truncated', '~tc1:unknown', 'null']) {
        await raw.set('k', garbage)
        expect(await a.cache.get('k')).toBeNull()
        await a.cache.set('k', 'good')
        expect(await b.cache.get('k')).toBe('good')
      }
      expect(a.log).toContain('get invalid UNDECODABLE')
    })

    test('a key of another type is replaced, not an error for ever', async () => {
      await raw.lpush('k', 'x')
      expect(await a.cache.get('k')).toBeNull()
      await a.cache.set('k', 'good')
      expect(await b.cache.get('k')).toBe('good')
      expect(a.cache.getStatus().state).toBe('up')
    })

    test('the script survives a SCRIPT FLUSH', async () => {
      await a.cache.set('k', 1)
      await raw.script('FLUSH')
      await a.cache.set('k', 2)
      expect(await b.cache.get('k')).toBe(2)
    })
  })

  describe('a full server', () => {
    test('set is refused, get and del still work, the breaker stays closed', async () => {
      const strict = openCache(server.backend, { deadlineMs: 2000, breaker: { failures: 2 } })
      await strict.cache.set('k', 'old')
      await raw.config('SET', 'maxmemory', '1')
      for (let i = 0; i < 5; i++) await strict.cache.set(`other:${i}`, i)
      expect(strict.log.at(-1)).toBe('set refused OOM')
      expect(strict.cache.getStatus()).toMatchObject({ state: 'degraded', cause: 'OOM' })
      expect(await strict.cache.get('k')).toBe('old')
      await strict.cache.del('k')
      expect(strict.log.at(-1)).toBe('del ok')
      expect(await raw.exists('k')).toBe(0)
      expect(strict.cache.getStatus()).toMatchObject({ pendingInvalidations: 0, cause: 'OOM' })
      await raw.config('SET', 'maxmemory', '0')
      await strict.cache.set('k', 'new')
      expect([await b.cache.get('k'), strict.cache.getStatus().state]).toEqual(['new', 'up'])
      await strict.close()
    })
  })

  test('a load from before a del on a full server is taken away when there is room again', async () => {
    let answer!: (value: string) => void
    const loading = b.cache.getOrLoad('k', () => new Promise<string>((resolve) => (answer = resolve)))
    await until('the load', () => answer !== undefined)
    await raw.config('SET', 'maxmemory', '1')
    await a.cache.del('k')
    expect(a.log.at(-1)).toBe('del ok')
    await raw.config('SET', 'maxmemory', '0')
    answer('old')
    expect(await loading).toBe('old')
    await until('the old value or a tombstone', async () => (await raw.exists('k')) === 1)
    expect(await a.cache.get('k')).toBeNull()
    await until('the tombstone', async () => isTombstone((await raw.get('k'))!))
    expect(await b.cache.get('k')).toBeNull()
  })

  test('a full server is one change of state, not one with every del that it still takes', async () => {
    await a.cache.set('k', 'old')
    const changes: string[] = []
    const stop = onEvent((event) => event.type === 'state' && changes.push(event.to))
    await raw.config('SET', 'maxmemory', '1')
    for (let i = 0; i < 5; i++) {
      await a.cache.set(`other:${i}`, i)
      await a.cache.del('k')
    }
    stop()
    expect([changes, a.log.at(-1)]).toEqual([['degraded'], 'del ok'])
  })

  describe('a plain DEL, where asked for', () => {
    test('the key is gone afterwards', async () => {
      const plain = openCache(server.backend, { deadlineMs: 2000, invalidation: 'delete' })
      await plain.cache.set('k', 1)
      await plain.cache.del('k')
      expect(await raw.exists('k')).toBe(0)
      await plain.cache.set('k', 2)
      expect(await plain.cache.get('k')).toBe(2)
      await plain.close()
    })
  })

  describe('late writes', () => {
    test('a set that reaches the server after its deadline is not carried out, whatever our wall clock says', async () => {
      for (const skewMs of [0, 60_000, -60_000]) {
        const { systemClock } = await import('../../../src/library/kernel/clock.js')
        const clock = {
          ...systemClock,
          now: () => systemClock.now() + skewMs,
          wallNow: () => Date.now() + skewMs,
        }
        const skewed = openCache(server.backend, { clock, deadlineMs: kind === 'redis' ? 50 : 300 })
        await skewed.cache.set('k', 'in time')
        expect(await raw.get('k')).toBe('"in time"')
        server.redis.freeze()
        try {
          await skewed.cache.set('k', 'late')
          expect(skewed.log.at(-1)).toMatch(/^set timeout /)
        } finally {
          server.redis.thaw()
        }
        // The server answers this only after it went through everything that was sent before.
        await raw.ping()
        expect(await raw.get('k')).not.toBe('"late"')
        await skewed.close()
        await raw.del('k')
      }
    })

    test('nothing is written while the server’s clock is unknown', async () => {
      const { createTransparentCache } =
        await import('../../../src/library/cache/create-transparent-cache.js')
      const run: unknown[] = []
      const backend = {
        get: () => Promise.resolve(null),
        set: (key: string) => Promise.resolve(void run.push(key)),
        del: () => Promise.resolve(),
        eval: (script: unknown) => Promise.resolve(run.push(script)),
        serverNow: () => null,
      }
      const cache = createTransparentCache<number>(backend, 'redis', { name: 'no-clock' })
      await cache.set('k', 1)
      // Taking an older value away is the one thing that may come late.
      expect(run).toEqual([supersedeScript])
    })
  })
})
