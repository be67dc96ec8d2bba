import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CacheBackend } from '../../../src/library/backends/backend.js'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { NOT_FOUND } from '../../../src/library/cache/not-found.js'
import { onEvent } from '../../../src/library/kernel/events.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'

let sandbox: Sandbox
let raw: Redis
let a: TestCache
let b: TestCache
let plain: TestCache

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
  a = openCache(sandbox.redis.url, { deadlineMs: 2000, integrity: true })
  b = openCache(sandbox.redis.url, { deadlineMs: 2000, integrity: true })
  plain = openCache(sandbox.redis.url, { deadlineMs: 2000 })
})
afterEach(async () => {
  for (const each of [a, b, plain]) await each.close()
})

const HEADER = /^~tc1:int:[\w-]{12}:[0-9a-f]{8}:/
const never = () => Promise.reject(new Error('must not be asked'))

test('a header stands in front of the value, and is no part of it', async () => {
  await a.cache.set('k', { at: new Date(5), n: 1 })
  const text = (await raw.get('k'))!
  expect(text).toMatch(HEADER)
  expect(text.replace(HEADER, '')).toBe('{"at":{"$date":"1970-01-01T00:00:00.005Z"},"n":1}')
  expect(await b.cache.get('k')).toEqual({ at: new Date(5), n: 1 })
})

describe('is a miss that is overwritten', () => {
  const wrong: [string, () => Promise<unknown>][] = [
    [
      'what was swapped with another key’s value',
      async () => {
        const [ours, theirs] = await raw.mgetBuffer('k', 'other')
        await raw.mset('k', theirs!, 'other', ours!)
      },
    ],
    ['a value without a header', () => raw.set('k', '{"owner":"somebody"}')],
    ['an answer NOT_FOUND without a header', () => raw.set('k', '~tc1:none')],
    ['another key’s NOT_FOUND', async () => raw.set('k', (await raw.getBuffer('nobody'))!)],
    ['a letter changed', async () => raw.set('k', (await raw.get('k'))!.replace('owner', 'Owner'))],
    ['a value cut short', async () => raw.set('k', (await raw.getBuffer('k'))!.subarray(0, -1))],
    ['a value with something behind it', () => raw.append('k', ' ')],
    ['the header alone', async () => raw.set('k', (await raw.getrange('k', 0, 30)) as string)],
    ['nothing but the mark', () => raw.set('k', '~tc1:int:')],
  ]
  test.each(wrong)('%s', async (_, corrupt) => {
    await a.cache.set('k', { owner: 'k' })
    await a.cache.set('other', { owner: 'other' })
    await a.cache.getOrLoad('nobody', () => Promise.resolve(NOT_FOUND))
    await until('NOT_FOUND to be stored', async () => (await raw.exists('nobody')) === 1)
    await corrupt()
    expect(await b.cache.get('k')).toBeNull()
    expect(b.log.at(-1)).toBe('get invalid INTEGRITY')
    expect(await a.cache.getOrLoad('k', () => Promise.resolve({ owner: 'loaded' }))).toEqual({
      owner: 'loaded',
    })
    await until('the value to be overwritten', () => a.log.at(-1) === 'set ok')
    expect(await b.cache.getOrLoad('k', never)).toEqual({ owner: 'loaded' })
    expect(a.cache.getStatus().state).toBe('up')
  })

  test('any byte of it flipped', async () => {
    await a.cache.set('k', { owner: 'k' })
    const good = (await raw.getBuffer('k'))!
    let bits = 0
    for (let at = 0; at < good.length; at++) {
      for (const bit of [1, 4, 32, 128]) {
        const bad = Buffer.from(good)
        bad[at] = bad[at]! ^ bit
        await raw.set('k', bad)
        expect([at, bit, await b.cache.get('k')]).toEqual([at, bit, null])
        bits++
      }
    }
    expect(b.log.filter((line) => line === 'get invalid INTEGRITY')).toHaveLength(bits)
    expect(b.cache.getStatus().state).toBe('up')
  })
})

test('replies that go astray on the way are misses; without integrity they are answers', async () => {
  const { client } = a
  await a.cache.set('mine', 'mine')
  await a.cache.set('yours', 'yours')
  await plain.cache.set('plain:mine', 'mine')
  await plain.cache.set('plain:yours', 'yours')
  const astray: CacheBackend = {
    get: (key) => client.get(key.replace('mine', 'yours')),
    set: () => Promise.resolve(),
    del: () => Promise.resolve(),
  }
  const careful = createTransparentCache<string>(astray, 'redis', { integrity: true, name: 'astray' })
  const careless = createTransparentCache<string>(astray, 'redis', { name: 'astray too' })
  expect([await careful.get('mine'), await careful.get('yours')]).toEqual([null, 'yours'])
  expect(await careless.get('plain:mine')).toBe('yours')
})

test('tombstones and NOT_FOUND work as without it', async () => {
  await a.cache.getOrLoad('k', () => Promise.resolve(NOT_FOUND))
  await until('NOT_FOUND to be stored', async () => (await raw.exists('k')) === 1)
  expect((await raw.get('k'))!.replace(HEADER, '')).toBe('~tc1:none')
  expect(await b.cache.getOrLoad('k', never)).toBeNull()
  await a.cache.del('k')
  expect(await b.cache.get('k')).toBeNull()
  expect(b.log.at(-1)).toBe('get miss')
  await a.cache.set('k', 1)
  expect(await b.cache.get('k')).toBe(1)
})

test('a header is checked by a cache without integrity, too, so that switching it off loses nothing', async () => {
  await a.cache.set('k', { n: 1 })
  expect(await plain.cache.get('k')).toEqual({ n: 1 })
  await raw.append('k', 'x')
  expect(await plain.cache.get('k')).toBeNull()
  expect(plain.log.at(-1)).toBe('get invalid INTEGRITY')
})

test('what was wrong is said once for each kind, without key and value', async () => {
  const said: string[] = []
  const stop = onEvent((event) => event.type === 'warning' && said.push(event.message))
  const named = openCache(sandbox.redis.url, { deadlineMs: 2000, integrity: true, name: 'integrity said' })
  await named.cache.set('secret-1', 'secret')
  await named.cache.set('secret-2', 'secret')
  await raw.copy('secret-1', 'secret-3')
  await raw.set('secret-4', '"secret"')
  await raw.append('secret-2', 'x')
  for (let i = 0; i < 3; i++)
    for (const key of ['secret-2', 'secret-3', 'secret-4']) await named.cache.get(key)
  stop()
  await named.close()
  expect(said).toEqual([
    expect.stringMatching(/altered/),
    expect.stringMatching(/another key's value/),
    expect.stringMatching(/no integrity header/),
  ])
  expect(said.join()).not.toContain('secret')
})
