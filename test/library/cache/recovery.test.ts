import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CacheBackend } from '../../../src/library/backends/backend.js'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until } from '../../support/clients.js'

/** Fails, hangs or works, as told; what it was told to store is there to look at. */
function switchable() {
  const stored = new Map<string, string>()
  const backend = {
    answer: () => Promise.resolve() as Promise<unknown>,
    get: (key: string) => backend.answer().then(() => stored.get(key) ?? null),
    set: (key: string, value: string) => backend.answer().then(() => void stored.set(key, value)),
    del: (key: string) => backend.answer().then(() => void stored.delete(key)),
  }
  return { backend, stored }
}
const refused = () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))

test('a del that comes while the others are being delivered is delivered too, without anybody asking', async () => {
  const clock = createVirtualClock()
  const { backend, stored } = switchable()
  const cache = createTransparentCache<number>(backend, 'redis', { clock, name: 'during-replay' })
  await cache.set('first', 1)
  await cache.set('second', 2)
  backend.answer = refused
  for (let i = 0; i < 5; i++) await cache.del('first')
  expect(cache.getStatus().state).toBe('down')
  // The backend is back, and slow enough for a del to come between the list of what waits and the opening of the door.
  const answers: (() => void)[] = []
  backend.answer = () => new Promise((resolve) => answers.push(() => resolve(undefined)))
  while (answers.length === 0) await clock.advance(10)
  answers.shift()!()
  await clock.advance(1)
  expect(answers).toHaveLength(1)
  await cache.del('second')
  backend.answer = () => Promise.resolve()
  answers.shift()!()
  await clock.advance(1000)
  expect(cache.getStatus()).toMatchObject({ state: 'up', pendingInvalidations: 0 })
  expect(stored.has('second')).toBe(false)
})

test('what waited is delivered although it takes longer than a caller would wait', async () => {
  const clock = createVirtualClock()
  const { backend } = switchable()
  const slowly = () => new Promise<void>((resolve) => void clock.setTimer(resolve, 400))
  const client = { ...backend, ping: () => backend.answer() as Promise<string> }
  const cache = createTransparentCache<number>(client, 'redis', { clock, name: 'slow-replay' })
  backend.answer = refused
  for (let i = 0; i < 300; i++) await cache.del(`k${i}`)
  expect(cache.getStatus().state).toBe('down')
  backend.answer = () => Promise.resolve()
  client.del = slowly as typeof client.del
  await clock.advance(2000)
  expect(cache.getStatus()).toMatchObject({ state: 'up', pendingInvalidations: 0 })
})

test('a failed del is tried again within a second, whatever the breaker waits', async () => {
  const clock = createVirtualClock()
  const { backend } = switchable()
  const breaker = { openMs: 60_000, maxOpenMs: 60_000 }
  const cache = createTransparentCache<number>(backend, 'redis', { clock, breaker, name: 'slow-breaker' })
  backend.answer = refused
  await cache.del('k')
  backend.answer = () => Promise.resolve()
  await clock.advance(1000)
  expect(cache.getStatus().pendingInvalidations).toBe(0)
})

test('on Upstash, where no connection tells of it, what waited is there within a second of the heal', async () => {
  const clock = createVirtualClock()
  const { backend, stored } = switchable()
  const cache = createTransparentCache<number>(backend, 'upstash', { clock, name: 'no-connection' })
  await cache.set('k', 1)
  backend.answer = refused
  for (let i = 0; i < 5; i++) await cache.del('k')
  await clock.advance(60_000)
  backend.answer = () => Promise.resolve()
  await clock.advance(1000)
  expect(cache.getStatus()).toMatchObject({ state: 'up', pendingInvalidations: 0 })
  expect(stored.has('k')).toBe(false)
})

test('a key that was journalled and then deleted after all may be set at once', async () => {
  const clock = createVirtualClock()
  const { backend } = switchable()
  const cache = createTransparentCache<number>(backend, 'redis', { clock, name: 'deleted-after-all' })
  backend.answer = refused
  await cache.del('k')
  backend.answer = () => Promise.resolve()
  await cache.del('k')
  expect(cache.getStatus().pendingInvalidations).toBe(0)
  await cache.set('k', 1)
  expect(await cache.get('k')).toBe(1)
})

test('close takes its second, however patient the callers are', async () => {
  const clock = createVirtualClock()
  const { backend } = switchable()
  const cache = createTransparentCache<number>(backend, 'redis', {
    clock,
    deadlineMs: 30_000,
    name: 'patient',
  })
  backend.answer = refused
  await cache.del('k')
  backend.answer = () => new Promise(() => undefined)
  let closed = false
  void cache.close().then(() => (closed = true))
  await clock.advance(1100)
  expect(closed).toBe(true)
  expect(clock.pendingTimers).toBe(0)
})

test('a backend that refuses the probe but answers is back', async () => {
  const clock = createVirtualClock()
  const { backend } = switchable()
  const noperm = Object.assign(new Error("NOPERM this user has no permissions to run the 'ping' command"), {
    name: 'ReplyError',
  })
  const client = { ...backend, get: () => backend.get('k'), ping: () => Promise.reject(noperm) }
  const cache = createTransparentCache<number>(client, 'redis', { clock, name: 'no-ping' })
  backend.answer = refused
  for (let i = 0; i < 5; i++) await cache.get('k')
  expect(cache.getStatus().state).toBe('down')
  backend.answer = () => Promise.resolve()
  await clock.advance(2000)
  expect(cache.getStatus().state).toBe('up')
})

test.each([
  ['rejects', () => Promise.reject(new Error('never started'))],
  ['is no promise', () => true],
])('a foreign backend whose `started` %s works like any other', async (_, started) => {
  const { backend } = switchable()
  const cache = createTransparentCache<number>({ ...backend, started: started() } as CacheBackend, 'redis')
  await cache.set('k', 1)
  expect(await cache.get('k')).toBe(1)
})

test.each([
  ['a BigInt', 60n],
  ['a text', '60'],
  ['an object', { valueOf: () => Promise.reject }],
])('%s for a TTL is no reason to reject', async (_, ttl) => {
  const { backend } = switchable()
  const cache = createTransparentCache<number>(backend, 'redis', { name: 'odd-ttl' })
  await cache.set('k', 1, ttl as never)
  expect(await cache.get('k')).toBe(1)
})

let sandbox: Sandbox
let raw: Redis
beforeEach(async () => {
  sandbox = await startSandbox()
  raw = new Redis(sandbox.redis.url)
})
afterEach(async () => {
  raw.disconnect()
  await sandbox.stop()
})

test('a short hang is over for callers soon after it ends, though no connection was lost', async () => {
  const { cache, client, close } = openCache(sandbox.redis.url)
  await until('up', async () => {
    await cache.set('warm', 1)
    return (await cache.get('warm')) === 1
  })
  let reconnected = 0
  client.onReady!(() => reconnected++)
  sandbox.redis.freeze()
  const frozenAt = performance.now()
  // The second failed probe is over by now and the third is two seconds away.
  await until('a long wait', async () => {
    await cache.get('warm')
    return performance.now() - frozenAt > 1850
  })
  expect(cache.getStatus().state).toBe('down')
  sandbox.redis.thaw()
  const thawedAt = performance.now()
  await until('a hit', async () => (await cache.get('warm')) === 1)
  expect(performance.now() - thawedAt).toBeLessThan(1000)
  await close()
})

test('a user that may not ask for the time: reads and dels go on, sets are refused, the breaker stays closed', async () => {
  await raw.call('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '&*', '+@all', '-time')
  const url = `redis://limited:secret@${sandbox.redis.host}:${sandbox.redis.port}`
  const limited = openCache(url, { deadlineMs: 2000, breaker: { failures: 2 } })
  await raw.set('k', '1')
  for (let i = 0; i < 4; i++) await limited.cache.set(`s${i}`, 1)
  expect(limited.log).toEqual(Array(4).fill('set refused CLOCK_UNKNOWN'))
  expect(await limited.cache.get('k')).toBe(1)
  await limited.cache.del('k')
  expect(limited.log.at(-1)).toBe('del ok')
  await limited.close()
})

test('a server that is full of clients is an outage, not a detail', async () => {
  await raw.config('SET', 'maxclients', '1')
  const late = openCache(sandbox.redis.url, { deadlineMs: 500 })
  await until('down', async () => {
    await late.cache.get('k')
    return late.cache.getStatus().state === 'down'
  })
  await raw.config('SET', 'maxclients', '100')
  await until('up', () => late.cache.getStatus().state === 'up')
  await late.close()
})

test('a password that is set at run time is an outage until it is known, and says so', async () => {
  const { cache, log, close } = openCache(sandbox.redis.url, { deadlineMs: 500, breaker: false })
  await cache.set('k', 1)
  await raw.config('SET', 'requirepass', 'secret')
  await raw.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await until('down', async () => {
    await cache.get('k')
    return cache.getStatus().state === 'down' && log.at(-1) === 'get error NOAUTH'
  })
  expect(cache.getStatus().cause).toBe('NOAUTH')
  await raw.config('SET', 'requirepass', '')
  await until('a hit', async () => (await cache.get('k')) === 1)
  expect(cache.getStatus()).toMatchObject({ state: 'up', cause: null })
  await close()
})

test('REDIS_PASSWORD also goes with a URL that names only the user', async () => {
  const { createKeyValueClient } = await import('../../../src/library/backends/create.js')
  await raw.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all')
  const client = createKeyValueClient({
    backend: 'redis',
    url: `redis://app@${sandbox.redis.host}:${sandbox.redis.port}`,
    password: 'secret',
  })
  await client.started
  await until('an answer', () =>
    client.ping!().then(
      (answer) => answer === 'PONG',
      () => false,
    ),
  )
  await client.close!()
})
