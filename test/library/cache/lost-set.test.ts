import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isTombstone } from '../../../src/library/cache/tombstone.js'
import { onEvent } from '../../../src/library/kernel/events.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'

let sandbox: Sandbox
let door: TcpDoor
let raw: Redis
let a: TestCache
let b: TestCache

beforeEach(async () => {
  sandbox = await startSandbox()
  door = await createTcpDoor({ upstream: { host: sandbox.redis.host, port: sandbox.redis.port } })
  raw = new Redis(sandbox.redis.url)
  a = openCache(`redis://${door.host}:${door.port}`)
  b = openCache(sandbox.redis.url, { deadlineMs: 2000 })
  await raw.mset('changed', '"old"', 'same', '"old"')
  await until('up', async () => (await a.cache.get('same')) === 'old')
})
afterEach(async () => {
  await a.close()
  await b.close()
  raw.disconnect()
  await door.close()
  await sandbox.stop()
})

test.each(['refuse', 'stall'] as const)(
  '%s: what a lost set was to replace is never read here again and soon gone; what it would have repeated stays',
  async (fault) => {
    await door[fault]()
    for (let i = 0; i < 10; i++) {
      await a.cache.set('changed', 'new')
      await a.cache.set('same', 'old')
    }
    expect(a.cache.getStatus()).toMatchObject({ state: 'down', pendingInvalidations: 0 })
    await door.open()
    const seen: unknown[] = []
    await until('a hit', async () => {
      seen.push(await a.cache.get('changed'))
      return (await a.cache.get('same')) === 'old'
    })
    expect(seen).not.toContain('old')
    await until('gone for everybody', async () => (await b.cache.get('changed')) === null)
    expect(await raw.get('same')).toBe('"old"')
  },
)

test('two lost sets of different values leave neither the older one nor a guess', async () => {
  await door.refuse()
  await a.cache.set('changed', 'newer')
  await a.cache.set('changed', 'old')
  await door.open()
  await until('gone', async () => (await b.cache.get('changed')) === null)
})

test('a set that follows and arrives settles it', async () => {
  sandbox.redis.freeze()
  await a.cache.set('changed', 'lost')
  sandbox.redis.thaw()
  await until('stored', async () => {
    await a.cache.set('changed', 'arrived')
    return (await raw.get('changed')) === '"arrived"'
  })
  expect(await a.cache.get('changed')).toBe('arrived')
  await a.close()
  expect(await raw.get('changed')).toBe('"arrived"')
})

test('a full server loses the older value at once', async () => {
  await raw.config('SET', 'maxmemory', '1')
  await a.cache.set('changed', 'new')
  expect(a.log.at(-1)).toBe('set refused OOM')
  expect(await raw.exists('changed')).toBe(0)
  await a.cache.set('same', 'old')
  expect(await raw.exists('same')).toBe(1)
})

test('a value that cannot be stored takes the older one away', async () => {
  await a.cache.set('changed', 'x'.repeat(2 * 1024 * 1024))
  expect(a.log.at(-1)).toBe('set refused TOO_LARGE')
  expect(isTombstone((await raw.get('changed'))!)).toBe(true)
})

test('a read-only server keeps the older value, this process does not serve it', async () => {
  await raw.replicaof('127.0.0.1', '1')
  await a.cache.set('changed', 'new')
  expect(await raw.get('changed')).toBe('"old"')
  expect(await a.cache.get('changed')).toBeNull()
  await raw.replicaof('NO', 'ONE')
  await until('taken away', async () => (await b.cache.get('changed')) === null)
})

test('more lost sets than may wait are counted as lost invalidations, as nobody takes away what they were to replace', async () => {
  const small = openCache(`redis://${door.host}:${door.port}`, { journalMax: 2 })
  await until('up', async () => (await small.cache.get('same')) === 'old')
  const lost: number[] = []
  const stop = onEvent((event) => {
    if (event.type === 'invalidations' && event.change === 'lost') lost.push(event.count)
  })
  await door.refuse()
  for (const key of ['changed', 'b', 'c', 'd']) await small.cache.set(key, 'new')
  expect(small.cache.getStatus().lostInvalidations).toBe(2)
  expect(lost).toEqual([1, 1])
  stop()
  await small.close()
})
