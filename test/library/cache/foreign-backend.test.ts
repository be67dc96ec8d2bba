import { expect, test } from 'vitest'
import type { CacheBackend } from '../../../src/library/backends/backend.js'
import { createPassThroughRedis } from '../../../src/library/backends/pass-through.js'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'

function mapBackend(): CacheBackend & { map: Map<string, string> } {
  const map = new Map<string, string>()
  return {
    map,
    get: (key) => Promise.resolve(map.get(key) ?? null),
    set: (key, value) => Promise.resolve(void map.set(key, value)),
    del: (key) => Promise.resolve(void map.delete(key)),
  }
}

test('any {get, set, del} will do, with plain operations', async () => {
  const backend = mapBackend()
  const cache = createTransparentCache<{ v: number }>(backend, 'redis')
  await cache.set('k', { v: 1 })
  expect(await cache.get('k')).toEqual({ v: 1 })
  await cache.del('k')
  expect([backend.map.size, await cache.get('k')]).toEqual([0, null])
})

test('canonical §9.4: no backend, and a backend that fails', async () => {
  const none = createTransparentCache<string>(null, null)
  expect([await none.get('key'), none.getBackendType()]).toEqual([null, 'passthrough'])
  const failing = {
    get: () => Promise.reject(new Error('Redis down')),
  } as unknown as CacheBackend
  const cache = createTransparentCache<string>(failing, 'redis', { name: 'failing' })
  expect(await cache.get('key')).toBeNull()
  await cache.set('key', 'value')
  await cache.del('key')
  expect(cache.getBackendType()).toBe('redis')
  await cache.close()
})

test.each([
  ['null', null, 'redis'],
  ['undefined', undefined, 'redis'],
  ['a pass-through client', createPassThroughRedis(), 'redis'],
  ['no type', mapBackend(), null],
] as const)('without a usable backend (%s) it passes through', async (_, backend, type) => {
  const cache = createTransparentCache<number>(backend as CacheBackend, type)
  await cache.set('k', 1)
  await cache.del('k')
  expect(await cache.get('k')).toBeNull()
  expect(cache.getStatus()).toMatchObject({ backend: 'passthrough', state: 'degraded', cause: 'NO_BACKEND' })
  await cache.close()
})

test('answers that are nonsense are misses', async () => {
  for (const nonsense of [undefined, 42, {}, Buffer.from('{"v":1}'), 'undefined', '[']) {
    const backend = { ...mapBackend(), get: () => Promise.resolve(nonsense as never) }
    const cache = createTransparentCache<unknown>(backend, 'redis', { name: 'nonsense' })
    expect(await cache.get('k')).toBeNull()
  }
})

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

test.each([
  ['an empty key', '', 1],
  ['a key that is not a string', 7 as never, 1],
  ['a key over 32 KiB', 'k'.repeat(32 * 1024 + 1), 1],
  ['a function', 'k', () => 1],
  ['a cycle', 'k', cyclic],
  ['a BigInt in a Map', 'k', new Map([[1n, 1n]])],
  ['undefined', 'k', undefined],
  ['null', 'k', null],
  ['over 1 MiB', 'k', 'x'.repeat(1024 * 1024)],
])('%s is refused, and an older value goes', async (_, key, value) => {
  let asked = 0
  let deleted = 0
  const count = () => Promise.resolve(void asked++)
  const del = () => Promise.resolve(void deleted++)
  const cache = createTransparentCache<unknown>({ get: count as never, set: count, del }, 'redis')
  await cache.set(key, value)
  if (key !== 'k') {
    expect(await cache.get(key)).toBeNull()
    await cache.del(key)
  }
  expect([asked, deleted]).toEqual([0, key === 'k' ? 1 : 0])
})

test('a value that its validation refuses is a miss', async () => {
  const backend = mapBackend()
  backend.map.set('k', '{"v":"not a number"}')
  const isNumber = (value: unknown): value is { v: number } => typeof (value as { v: unknown }).v === 'number'
  const cache = createTransparentCache(backend, 'redis', { validate: isNumber })
  expect(await cache.get('k')).toBeNull()
  await cache.set('k', { v: 1 })
  expect(await cache.get('k')).toEqual({ v: 1 })
})

test('a hung backend costs a few callers the deadline, then nobody anything, and is asked again', async () => {
  const clock = createVirtualClock()
  let asked = 0
  let hung = true
  const backend: CacheBackend = {
    get: () => {
      asked++
      return hung ? new Promise(() => undefined) : Promise.resolve('"value"')
    },
    set: () => Promise.resolve(),
    del: () => Promise.resolve(),
  }
  const cache = createTransparentCache<string>(backend, 'redis', { clock, name: 'hung' })
  const waits: number[] = []
  for (let i = 0; i < 100; i++) {
    const startedAt = clock.now()
    let settled = false
    void cache.get('k').then((value) => {
      expect(value).toBeNull()
      settled = true
    })
    await clock.advance(0)
    while (!settled) await clock.advance(10)
    waits.push(clock.now() - startedAt)
  }
  expect(waits.filter((wait) => wait > 0)).toHaveLength(5)
  expect(Math.max(...waits)).toBeLessThanOrEqual(110)
  expect(asked).toBeLessThanOrEqual(7)
  hung = false
  await clock.advance(1000)
  expect(await cache.get('k')).toBe('value')
})

test('breaker: false asks every time and still bounds every wait', async () => {
  const clock = createVirtualClock()
  let asked = 0
  const hung = { ...mapBackend(), get: () => new Promise<never>(() => asked++) }
  const cache = createTransparentCache<string>(hung, 'redis', { clock, breaker: false, name: 'no-breaker' })
  const reads = Array.from({ length: 20 }, () => cache.get('k'))
  await clock.advance(100)
  expect(new Set(await Promise.all(reads))).toEqual(new Set([null]))
  expect([asked, cache.getStatus().state]).toEqual([20, 'down'])
})
