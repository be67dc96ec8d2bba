import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { createTransparentCache, emitForTest, onEvent, setLogger } from './library.js'

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))

const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  const write = (message: string, fields: object) => lines.push(`${message} ${JSON.stringify(fields)}`)
  setLogger({ warn: write, info: write })
})
afterAll(() => setLogger(null))

async function points(name: string) {
  exporter.reset()
  await reader.forceFlush()
  const scopes = exporter.getMetrics().flatMap((resource) => resource.scopeMetrics)
  const metric = scopes.flatMap((scope) => scope.metrics).find(({ descriptor }) => descriptor.name === name)
  return (metric?.dataPoints ?? []) as { attributes: Record<string, string>; value: number }[]
}

const SECRET = 'user-4711'
const failing = () => {
  const fail = () => Promise.reject(Object.assign(new Error(`set ${SECRET}`), { code: 'ECONNREFUSED' }))
  return { get: fail, set: fail, del: fail }
}

test('every operation is counted exactly once, with canonical names and without keys or values', async () => {
  const clock = createVirtualClock()
  const cache = createTransparentCache<string>(failing(), 'redis', { name: 'counted', clock })
  for (let i = 0; i < 10; i++) {
    await cache.get(SECRET)
    await cache.set(SECRET, SECRET)
    await cache.del(SECRET)
  }
  const none = createTransparentCache<string>(null, null, { name: 'none' })
  await none.get('x')

  const operations = await points('cache.operations.total')
  const count = (operation: string) =>
    operations
      .filter(
        (point) => point.attributes['operation'] === operation && point.attributes['backend'] === 'redis',
      )
      .reduce((sum, point) => sum + point.value, 0)
  expect([count('get'), count('set'), count('del')]).toEqual([10, 10, 10])
  expect(operations).toContainEqual(
    expect.objectContaining({ attributes: { operation: 'get', result: 'skipped', backend: 'passthrough' } }),
  )
  const errors = await points('cache.errors.total')
  expect(errors.reduce((sum, point) => sum + point.value, 0)).toBe(30)
  expect(errors).toContainEqual(
    expect.objectContaining({
      attributes: { operation: 'get', backend: 'redis', errorType: 'ECONNREFUSED' },
    }),
  )
  expect((await points('cache.operation.duration')).length).toBeGreaterThan(0)
  expect(JSON.stringify([operations, errors])).not.toContain(SECRET)
})

test('each text once per outage, then only counted, and the end is said', async () => {
  const clock = createVirtualClock()
  let down = true
  const answer = () =>
    down ? Promise.reject(Object.assign(new Error(SECRET), { code: 'ECONNRESET' })) : Promise.resolve(null)
  const backend = { get: answer, set: answer as never, del: answer as never }
  const cache = createTransparentCache<string>(backend, 'redis', { name: 'logged', clock })
  for (let outage = 0; outage < 2; outage++) {
    lines.length = 0
    down = true
    for (let i = 0; i < 50; i++) {
      await cache.get('k')
      await cache.set('k', 'v')
      await cache.del('k')
    }
    expect(lines.map((line) => line.split(' {')[0])).toEqual([
      '[TransparentCache] Cache get failed - treating as cache miss',
      '[TransparentCache] Cache set failed - continuing without cache',
      '[TransparentCache] Cache del failed - invalidation kept until the backend is back',
    ])
    expect(lines.join()).toContain('"errorType":"ECONNRESET"')
    down = false
    await clock.advance(30_000)
    expect(lines.at(-1)).toMatch(/^\[TransparentCache\] Backend is back .*"operationsWithout":150/)
    expect(lines).toHaveLength(4)
  }
  expect(lines.join()).not.toContain(SECRET)
})

test('a backend that comes and goes is not an outage each time', async () => {
  const clock = createVirtualClock()
  let asked = 0
  const answer = () =>
    asked++ % 2 === 0
      ? Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }))
      : Promise.resolve(null)
  const backend = { get: answer, set: answer as never, del: answer as never }
  const cache = createTransparentCache<string>(backend, 'redis', { name: 'flapping', clock })
  for (let i = 0; i < 200; i++) {
    await cache.get('k')
    await clock.advance(10)
  }
  expect(lines.map((line) => line.split(' {')[0])).toEqual([
    '[TransparentCache] Cache get failed - treating as cache miss',
    '[TransparentCache] Backend is back',
  ])
})

test('a text that the outage before used up is said again once 10 s have passed, whatever else was said', async () => {
  // The log counts its seconds by the machine's clock.
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  try {
    const clock = createVirtualClock()
    let down = true
    const answer = () =>
      down ? Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' })) : Promise.resolve(null)
    const backend = { get: answer, set: answer as never, del: answer as never }
    const cache = createTransparentCache<string>(backend, 'redis', { name: 'again', clock })
    for (let i = 0; i < 5; i++) await cache.get('k')
    down = false
    await clock.advance(1000)
    down = true
    lines.length = 0
    for (let i = 0; i < 5; i++) await cache.get('k')
    await cache.del('k')
    vi.advanceTimersByTime(10_000)
    for (let i = 0; i < 5; i++) await cache.get('k')
    expect(lines.map((line) => line.split(' {')[0])).toEqual([
      '[TransparentCache] Cache del failed - invalidation kept until the backend is back',
      '[TransparentCache] Cache get failed - treating as cache miss',
    ])
  } finally {
    vi.useRealTimers()
  }
})

test('what is said without an outage does not keep an outage from being said', async () => {
  const clock = createVirtualClock()
  let code = 'WRONGTYPE'
  const answer = () =>
    Promise.reject(
      Object.assign(new Error(`${code} x`), code === 'WRONGTYPE' ? { name: 'ReplyError' } : { code }),
    )
  const backend = { get: answer, set: answer, del: answer }
  const cache = createTransparentCache<string>(backend, 'redis', { name: 'odd', clock })
  await cache.get('k')
  await clock.advance(60_000)
  code = 'ECONNREFUSED'
  await cache.get('k')
  expect(lines.filter((line) => line.includes('Cache get failed'))).toHaveLength(2)
})

test('a pass-through says so once in a process, not once a cache', () => {
  for (const name of ['one', 'two', 'three']) createTransparentCache(null, null, { name })
  const said = lines.filter((line) => line.startsWith('[TransparentCache] PassThroughCache active'))
  expect(said.length).toBeLessThanOrEqual(1)
})

test('a listener that throws breaks neither the cache nor its neighbours', async () => {
  const heard: string[] = []
  const stops = [
    onEvent(() => {
      throw new Error('telemetry is down')
    }),
    onEvent((event) => heard.push(event.type)),
  ]
  await createTransparentCache<string>(null, null).get('k')
  for (const stop of stops) stop()
  expect(heard).toContain('operation')
})

test('limiter checks have their own instruments', async () => {
  emitForTest({
    type: 'check',
    limiter: 'login',
    backend: 'redis',
    result: 'failopen',
    durationMs: 3,
    errorType: 'DEADLINE',
  })
  expect(await points('ratelimiter.checks.total')).toEqual([
    expect.objectContaining({ attributes: { result: 'failopen', backend: 'redis' }, value: 1 }),
  ])
  expect(await points('ratelimiter.errors.total')).toHaveLength(1)
})
