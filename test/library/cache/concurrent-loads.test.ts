import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
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

describe('a load that began before another process’s del', () => {
  test('is not stored although a neighbour in its process has seen the fresh value since', async () => {
    expect(await a.cache.get('k')).toBeNull()
    await b.cache.del('k')
    await b.cache.set('k', 'fresh')
    expect(await a.cache.get('k')).toBe('fresh')
    await a.cache.set('k', 'stale')
    expect(await b.cache.get('k')).not.toBe('stale')
  })

  test('is not stored although a neighbour’s load, begun together, has been stored meanwhile', async () => {
    await Promise.all([a.cache.get('k'), a.cache.get('k')])
    await a.cache.set('k', 'stale')
    await b.cache.del('k')
    await b.cache.set('k', 'fresh')
    expect(await a.cache.get('k')).toBe('fresh')
    await a.cache.set('k', 'stale too')
    expect(await b.cache.get('k')).not.toBe('stale too')
  })

  test('is not stored although its read could not be answered', async () => {
    const door = await createTcpDoor({ upstream: { host: sandbox.redis.host, port: sandbox.redis.port } })
    const behindDoor = openCache(`redis://${door.host}:${door.port}`)
    await until('connected', async () => {
      await behindDoor.cache.get('other')
      return behindDoor.log.at(-1) === 'get miss'
    })
    await door.refuse()
    expect(await behindDoor.cache.get('k')).toBeNull()
    expect(behindDoor.log.at(-1)).not.toBe('get miss')
    await b.cache.del('k')
    await b.cache.set('k', 'fresh')
    await door.open()
    await until('back', async () => {
      await behindDoor.cache.get('other')
      return behindDoor.log.at(-1) === 'get miss'
    })
    await behindDoor.cache.set('k', 'stale')
    expect(await b.cache.get('k')).not.toBe('stale')
    await behindDoor.close()
    await door.close()
  })

  test('is not stored although its process has read a great deal since', async () => {
    const text = 'x'.repeat(60_000)
    await Promise.all(Array.from({ length: 100 }, (_, i) => raw.set(`big:${i}`, JSON.stringify(text))))
    expect(await a.cache.get('k')).toBeNull()
    for (let i = 0; i < 100; i++) await a.cache.get(`big:${i}`)
    await b.cache.del('k')
    await b.cache.set('k', 'fresh')
    await a.cache.set('k', 'stale')
    expect(await b.cache.get('k')).not.toBe('stale')
  })
})

test('after a del of its own a process stores whatever it sets, at once', async () => {
  expect(await a.cache.get('k')).toBeNull()
  await a.cache.del('k')
  await a.cache.set('k', 1)
  expect(await b.cache.get('k')).toBe(1)
  await a.cache.del('k')
  expect(await a.cache.get('k')).toBeNull()
  await a.cache.set('k', 2)
  expect(await b.cache.get('k')).toBe(2)
})

test('a write never lands so late that a tombstone could have come and gone since its read', async () => {
  const slow = openCache(sandbox.redis.url, { deadlineMs: 10_000, tombstoneMs: 2000 })
  expect(await slow.cache.get('k')).toBeNull()
  sandbox.redis.freeze()
  const set = slow.cache.set('k', 'stale')
  await new Promise((resolve) => setTimeout(resolve, 1500))
  sandbox.redis.thaw()
  await set
  expect(slow.log.at(-1)).toBe('set refused LATE')
  await slow.close()
})
