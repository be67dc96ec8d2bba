import { afterAll, afterEach, expect, test } from 'vitest'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { LoadBulkhead } from '../../../src/library/cache/load-bulkhead.js'
import type { CacheOptions } from '../../../src/library/cache/options.js'
import { BulkheadRejectedError } from '../../../src/library/kernel/errors.js'
import { onEvent } from '../../../src/library/kernel/events.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until } from '../../support/clients.js'

const warnings: string[] = []
const stop = onEvent(
  (event) => event.type === 'warning' && warnings.push(`${event.subject}: ${event.message}`),
)
afterEach(() => void warnings.splice(0))
afterAll(stop)

/** A source that answers when it is told to, and knows how many it has been asked at a time. */
function openSource() {
  const open: ((value: string) => void)[] = []
  const source = {
    asked: 0,
    most: 0,
    load: () => {
      source.asked++
      return new Promise<string>((resolve) => {
        open.push(resolve)
        source.most = Math.max(source.most, open.length)
      })
    },
    answerOne: () => open.shift()?.('answer'),
    fail: (count: number) =>
      open.splice(0, count).forEach((resolve) => resolve(Promise.reject(new Error('down')) as never)),
    get open() {
      return open.length
    },
  }
  return source
}
const caught = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)
const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

function passThrough(options: CacheOptions<string> = {}) {
  const clock = createVirtualClock()
  return { clock, cache: createTransparentCache<string>(null, null, { clock, ...options }) }
}

test('so many loads at a time, the others in order', async () => {
  const { cache } = passThrough({ maxConcurrentLoads: 3 })
  const source = openSource()
  const order: number[] = []
  const calls = Array.from({ length: 20 }, (_, i) =>
    cache.getOrLoad(`k${i}`, source.load).then((value) => order.push(i) && value),
  )
  while (source.asked < 20 || source.open > 0) {
    expect(source.open).toBeLessThanOrEqual(3)
    source.answerOne()
    await settle()
  }
  expect(await Promise.all(calls)).toEqual(Array(20).fill('answer'))
  expect([source.most, order]).toEqual([3, Array.from({ length: 20 }, (_, i) => i)])
})

test('64 without being told', async () => {
  const { cache } = passThrough()
  const source = openSource()
  const calls = Array.from({ length: 100 }, (_, i) => cache.getOrLoad(`k${i}`, source.load))
  expect(source.asked).toBe(64)
  for (let i = 0; i < 100; i++) {
    source.answerOne()
    await settle()
  }
  await Promise.all(calls)
})

test('callers who share a load take one place', async () => {
  const { cache } = passThrough({ maxConcurrentLoads: 2 })
  const source = openSource()
  const shared = Array.from({ length: 50 }, () => cache.getOrLoad('k', source.load))
  const other = cache.getOrLoad('j', source.load)
  expect(source.asked).toBe(2)
  source.answerOne()
  source.answerOne()
  await Promise.all([...shared, other])
})

test('a load whose turn does not come in time is rejected, with the way out, and never started', async () => {
  const { cache, clock } = passThrough({ maxConcurrentLoads: 1, name: 'shed' })
  const source = openSource()
  const running = cache.getOrLoad('k', source.load)
  const queued = caught(cache.getOrLoad('j', source.load))
  let error: unknown
  void queued.then((reason) => (error = reason))
  await clock.advance(999)
  expect(error).toBeUndefined()
  await clock.advance(1)
  expect(error).toBeInstanceOf(BulkheadRejectedError)
  expect(error).toMatchObject({ code: 'BULKHEAD_REJECTED', statusCode: 503, retryAfterSeconds: 1 })
  expect(String(error)).toMatch(/1 loads are running.*Answer 503 with Retry-After: 1$/)
  source.answerOne()
  expect([await running, source.asked]).toEqual(['answer', 1])
  expect(await cache.getOrLoad('j', () => Promise.resolve('again'))).toBe('again')
})

test('who waits later is given up later', async () => {
  const { cache, clock } = passThrough({ maxConcurrentLoads: 1 })
  const source = openSource()
  void cache.getOrLoad('k', source.load)
  const ends: number[] = []
  for (let i = 0; i < 3; i++) {
    void caught(cache.getOrLoad(`q${i}`, source.load)).then(() => ends.push(clock.now()))
    await clock.advance(300)
  }
  const start = clock.now() - 900
  await clock.advance(1000)
  expect(ends.map((end) => Math.round(end - start))).toEqual([1000, 1300, 1600])
})

test('a load that fails makes room as well, and its error is its own', async () => {
  const { cache } = passThrough({ maxConcurrentLoads: 1 })
  const source = openSource()
  const first = caught(cache.getOrLoad('k', source.load))
  const second = cache.getOrLoad('j', source.load)
  const thrown = caught(
    cache.getOrLoad('i', () => {
      throw new Error('at once')
    }),
  )
  source.fail(1)
  await until('the second load', () => source.asked === 2)
  source.answerOne()
  expect([await first, await second, await thrown]).toEqual([
    new Error('down'),
    'answer',
    new Error('at once'),
  ])
})

test('the queue is bounded, and who finds it full is told at once', async () => {
  const clock = createVirtualClock()
  const rejected: Error[] = []
  const bulkhead = new LoadBulkhead(clock, 1, (error) => rejected.push(error))
  const source = openSource()
  for (let i = 0; i < 10_001; i++) void caught(bulkhead.run(source.load))
  expect(rejected).toEqual([])
  await expect(bulkhead.run(source.load)).rejects.toThrow(/10000 more are waiting/)
  expect([source.asked, rejected.length]).toEqual([1, 1])
})

test('no timer outlives the queue', async () => {
  const clock = createVirtualClock()
  const bulkhead = new LoadBulkhead(clock, 1, () => undefined)
  const source = openSource()
  const loads = [1, 2, 3].map(() => bulkhead.run(source.load))
  expect(clock.pendingTimers).toBe(1)
  for (let i = 0; i < 3; i++) {
    source.answerOne()
    await settle()
  }
  await Promise.all(loads)
  expect(clock.pendingTimers).toBe(0)
})

test('is said once, not per request, and again when it happens again', async () => {
  const { cache, clock } = passThrough({ maxConcurrentLoads: 1, name: 'loud' })
  const source = openSource()
  void cache.getOrLoad('k', source.load)
  const shed = async () => {
    const calls = Array.from({ length: 10 }, (_, i) => caught(cache.getOrLoad(`q${i}`, source.load)))
    await clock.advance(1000)
    await Promise.all(calls)
  }
  const said = () => warnings.filter((line) => line.startsWith('loud: 1 loads are running'))
  await shed()
  await shed()
  expect(said()).toHaveLength(1)
  await clock.advance(60_000)
  await shed()
  expect(said()).toHaveLength(2)
})

test('keys that cannot be cached take a place, too, and never share', async () => {
  const { cache } = passThrough({ maxConcurrentLoads: 1 })
  const source = openSource()
  const calls = [cache.getOrLoad('', source.load), cache.getOrLoad('', source.load)]
  expect(source.asked).toBe(1)
  source.answerOne()
  await until('the second load', () => source.asked === 2)
  source.answerOne()
  expect(await Promise.all(calls)).toEqual(['answer', 'answer'])
})

test('it stands behind Redis as well, and a hit needs no place', async () => {
  const sandbox = await startSandbox()
  const { cache, log, close } = openCache(sandbox.redis.url, { deadlineMs: 2000, maxConcurrentLoads: 2 })
  try {
    await cache.set('hit', 'value')
    const source = openSource()
    const calls = Array.from({ length: 6 }, (_, i) => cache.getOrLoad(`k${i}`, source.load))
    await until('six misses', () => log.filter((line) => line === 'get miss').length === 6)
    expect(await cache.getOrLoad('hit', source.load)).toBe('value')
    while (source.asked < 6 || source.open > 0) {
      source.answerOne()
      await settle()
    }
    expect([await Promise.all(calls), source.most]).toEqual([Array(6).fill('answer'), 2])
  } finally {
    await close()
    await sandbox.stop()
  }
})
