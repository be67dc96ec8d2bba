import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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
  a = openCache(`redis://${door.host}:${door.port}`, { tombstoneMs: 2000 })
  b = openCache(sandbox.redis.url)
  // A busy machine may miss a deadline here, which is not what these tests are about.
  await until('a warm key', async () => {
    await a.cache.set('warm', 'old')
    return (await a.cache.get('warm')) === 'old' && (await b.cache.get('warm')) === 'old'
  })
  await until('up', () => a.cache.getStatus().state === 'up')
})
afterEach(async () => {
  await a.close()
  await b.close()
  raw.disconnect()
  await door.close()
  await sandbox.stop()
})

describe.each([
  ['refuse', /^(ECONN\w+|NOT_CONNECTED|EPIPE)$/],
  ['stall', /^DEADLINE$/],
] as const)('%s', (fault, cause) => {
  test('nothing rejects, everything is a miss, and it is over by itself', async () => {
    await door[fault]()
    for (let i = 0; i < 20; i++) {
      expect(await a.cache.get('warm')).toBeNull()
      await a.cache.set(`k${i}`, i)
      await a.cache.del(`d${i}`)
    }
    const { state, cause: why } = a.cache.getStatus()
    expect([state, why]).toEqual(['down', expect.stringMatching(cause)])
    expect(a.log.at(-1)).toBe('del short_circuit BREAKER_OPEN')
    await door.open()
    await until('a hit', async () => (await a.cache.get('warm')) === 'old')
    expect(a.cache.getStatus()).toMatchObject({ state: 'up', pendingInvalidations: 0, lostInvalidations: 0 })
  })

  test('an invalidation of the outage is delivered before anything is read again', async () => {
    await door[fault]()
    await a.cache.del('warm')
    expect(a.cache.getStatus()).toMatchObject({ pendingInvalidations: 1 })
    expect(await raw.get('warm')).toBe('"old"')
    // Nothing may be stored under a key whose invalidation waits.
    await a.cache.set('warm', 'newer')
    await door.open()
    const answers: unknown[] = []
    await until('the invalidation to arrive', async () => {
      answers.push(await a.cache.get('warm'))
      return (await b.cache.get('warm')) === null
    })
    expect(new Set(answers)).toEqual(new Set([null]))
    await until('up', () => a.cache.getStatus().state === 'up')
    // The reads above set nothing and might still be loading, for as long as a load may take.
    await until('the fresh value', async () => {
      await a.cache.set('warm', 'fresh')
      return (await b.cache.get('warm')) === 'fresh'
    })
  })
})

test('what was in the pipe when the server hung is not stored when it is carried out at last', async () => {
  await door.stall()
  const zombie = a.cache.set('k', 'zombie')
  await until('the bytes of the set', () => door.counts().bytesHeldToServer > 0)
  await zombie
  // The sibling on a healthy connection invalidates, and its tombstone is gone by the time of the heal.
  await b.cache.del('k')
  await raw.del('k')
  await door.open()
  await until('a to be back', async () => (await a.cache.get('warm')) === 'old')
  expect(await raw.get('k')).toBeNull()
})

test('one failed del with a closed breaker is delivered without anybody asking', async () => {
  sandbox.redis.freeze()
  await a.cache.del('warm')
  sandbox.redis.thaw()
  expect(a.cache.getStatus().pendingInvalidations).toBe(1)
  expect(await a.cache.get('warm')).toBeNull()
  await until('delivered', () => a.cache.getStatus().pendingInvalidations === 0)
  expect(await b.cache.get('warm')).toBeNull()
})

test('a demoted master: reads go on, invalidations wait for a connection that takes them', async () => {
  await raw.replicaof('127.0.0.1', '1')
  await a.cache.del('warm')
  expect(a.log.at(-1)).toBe('del refused READONLY')
  expect(a.cache.getStatus()).toMatchObject({ pendingInvalidations: 1 })
  await until('reads again after the forced reconnect', async () => {
    await a.cache.get('other')
    return a.log.at(-1) === 'get miss'
  })
  expect(await a.cache.get('warm')).toBeNull()
  await raw.replicaof('NO', 'ONE')
  await until('delivered', () => a.cache.getStatus().pendingInvalidations === 0)
  expect(await b.cache.get('warm')).toBeNull()
})

test('a service that starts during the outage starts, and finds the backend later', async () => {
  await door.refuse()
  const late = openCache(`redis://${door.host}:${door.port}`)
  expect(await late.cache.get('warm')).toBeNull()
  expect(late.cache.getBackendType()).toBe('redis')
  await door.open()
  await until('a hit', async () => (await late.cache.get('warm')) === 'old')
  await late.close()
})

test('close delivers what waits, within its second, and is final', async () => {
  await door.refuse()
  await a.cache.del('warm')
  await door.open()
  await until('reconnected', () => door.openConnections() > 0)
  await a.cache.close()
  await a.cache.close()
  expect(a.cache.getStatus().pendingInvalidations).toBe(0)
  expect(await b.cache.get('warm')).toBeNull()
  await until('the connection is gone', () => door.openConnections() === 0)
})

test('a full journal says what it lost', async () => {
  const small = openCache(`redis://${door.host}:${door.port}`, { journalMax: 2 })
  await small.cache.get('x')
  await door.refuse()
  for (const key of ['a', 'b', 'c']) await small.cache.del(key)
  expect(small.cache.getStatus()).toMatchObject({ pendingInvalidations: 2, lostInvalidations: 1 })
  await small.close()
})
