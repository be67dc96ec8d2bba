import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { NOT_FOUND } from '../../../src/library/cache/not-found.js'
import { isTombstone } from '../../../src/library/cache/tombstone.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'

let sandbox: Sandbox
let raw: Redis
let a: TestCache
let b: TestCache

beforeAll(async () => {
  sandbox = await startSandbox()
  raw = new Redis(sandbox.redis.url)
})
afterAll(async () => {
  raw.disconnect()
  await sandbox.stop()
})
beforeEach(async () => {
  await raw.flushall()
  a = openCache(sandbox.redis.url, { deadlineMs: 2000 })
  b = openCache(sandbox.redis.url, { deadlineMs: 2000 })
})
afterEach(async () => {
  await a.close()
  await b.close()
})

const nothing = () => Promise.resolve(NOT_FOUND)
const never = () => Promise.reject(new Error('must not be asked'))
const stored = (key: string) => until(`${key} to be stored`, async () => (await raw.get(key)) !== null)

test('is answered as null and kept for a short while, for everybody', async () => {
  expect(await a.cache.getOrLoad('k', nothing)).toBeNull()
  await stored('k')
  expect(await raw.get('k')).toBe('~tc1:none')
  expect(await raw.pttl('k')).toBeGreaterThan(8000)
  expect(await raw.pttl('k')).toBeLessThanOrEqual(10_000)
  expect([await a.cache.getOrLoad('k', never), await b.cache.getOrLoad('k', never)]).toEqual([null, null])
  expect(await b.cache.get('k')).toBeNull()
  expect(b.log).toEqual(['get hit', 'get hit'])
})

test('is never kept longer than a value would be', async () => {
  await a.cache.getOrLoad('k', nothing, { ttlSeconds: 3 })
  await stored('k')
  expect(await raw.pttl('k')).toBeLessThanOrEqual(3000)
  const shortLived = openCache(sandbox.redis.url, { deadlineMs: 2000, ttl: 2, negativeTtl: 600 })
  await shortLived.cache.getOrLoad('j', nothing)
  await stored('j')
  expect(await raw.pttl('j')).toBeLessThanOrEqual(2000)
  await shortLived.close()
})

test('is not kept where nobody wants it, and null never is', async () => {
  const careful = openCache(sandbox.redis.url, { deadlineMs: 2000, negativeTtl: 0 })
  expect(await careful.cache.getOrLoad('k', nothing)).toBeNull()
  expect(await a.cache.getOrLoad('j', () => Promise.resolve(null))).toBeNull()
  // Whatever those would have written is answered before this.
  await Promise.all([careful.cache.set('after', 1), a.cache.set('after', 1)])
  expect(await raw.exists('k', 'j')).toBe(0)
  await careful.close()
})

test.each(['its own process', 'another process'])('gives way to a set and to a del of %s', async (who) => {
  const writer = who === 'its own process' ? a : b
  await a.cache.getOrLoad('k', nothing)
  await stored('k')
  expect(await writer.cache.get('k')).toBeNull()
  await writer.cache.set('k', 'created')
  expect([await a.cache.get('k'), await b.cache.get('k')]).toEqual(['created', 'created'])

  await a.cache.getOrLoad('j', nothing)
  await stored('j')
  await writer.cache.del('j')
  expect(isTombstone((await raw.get('j'))!)).toBe(true)
  expect(await a.cache.getOrLoad('j', () => Promise.resolve('created'))).toBe('created')
})

test('of a load that began before an invalidation is not kept', async () => {
  let answer!: (value: typeof NOT_FOUND) => void
  let asked = false
  const slow = () => {
    asked = true
    return new Promise<typeof NOT_FOUND>((resolve) => (answer = resolve))
  }
  const first = a.cache.getOrLoad('k', slow)
  await until('the load', () => asked)
  await b.cache.del('k')
  answer(NOT_FOUND)
  expect(await first).toBeNull()
  await a.cache.set('after', 1)
  expect(isTombstone((await raw.get('k'))!)).toBe(true)
})

test('every caller of a shared load gets null', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => a.cache.getOrLoad('k', nothing)))
  expect(answers).toEqual([null, null, null])
})

test('without a backend it is null as well, and asked for each time', async () => {
  const cache = createTransparentCache<string>(null, null)
  let asked = 0
  const load = () => Promise.resolve(asked++ === 0 ? NOT_FOUND : 'created')
  expect([await cache.getOrLoad('k', load), await cache.getOrLoad('k', load)]).toEqual([null, 'created'])
})

test('a backend without scripts does not keep it either once the key was written meanwhile', async () => {
  const map = new Map<string, string>()
  const backend = {
    get: (key: string) => Promise.resolve(map.get(key) ?? null),
    set: (key: string, text: string) => Promise.resolve(void map.set(key, text)),
    del: (key: string) => Promise.resolve(void map.delete(key)),
  }
  for (const write of ['set', 'del'] as const) {
    map.clear()
    const cache = createTransparentCache<string>(backend, 'redis', { name: 'no scripts' })
    let answer!: (value: typeof NOT_FOUND) => void
    const loading = cache.getOrLoad('k', () => new Promise<typeof NOT_FOUND>((resolve) => (answer = resolve)))
    await until('the load', () => answer !== undefined)
    await (write === 'set' ? cache.set('k', 'created') : cache.del('k'))
    answer(NOT_FOUND)
    expect(await loading).toBeNull()
    // Lets what was to be written be written.
    await cache.close()
    expect([...map.values()]).not.toContain('~tc1:none')
  }
})
