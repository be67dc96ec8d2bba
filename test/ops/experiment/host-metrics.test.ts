import { metrics } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { failingSeries, watchMetrics } from '../../../src/ops/experiment/host/metrics.js'

test.each([
  [
    'cache.operations.total',
    { operation: 'get', result: 'timeout' },
    'cache.operations.total operation=get result=timeout',
  ],
  [
    'cache.operations.total',
    { operation: 'get', result: 'short_circuit' },
    'cache.operations.total operation=get result=short_circuit',
  ],
  ['cache.operations.total', { operation: 'get', result: 'hit' }, null],
  ['cache.errors.total', {}, 'cache.errors.total'],
  [
    'ratelimiter.checks.total',
    { result: 'failopen', backend: 'redis' },
    'ratelimiter.checks.total result=failopen',
  ],
  ['ratelimiter.checks.total', { result: 'denied' }, null],
  [
    'db.client.operation.duration',
    { 'error.type': 'ECONNREFUSED' },
    'db.client.operation.duration error.type=ECONNREFUSED',
  ],
  // What may be a key, or anything, is not looked at and not told.
  ['requests', { key: 'error:42', result: 'ok' }, null],
  ['errors', { key: 'user:42', result: 'user:42 timeout' }, 'errors'],
])('%s %j', (name, attributes, told) => {
  expect(failingSeries(name, attributes)).toBe(told)
})

test('a counter and a histogram are told when they first count a failure, and once more when they are watched anew', () => {
  const watch = watchMetrics()
  const told: string[] = []
  const meter = metrics.getMeter('app')
  const counter = meter.createCounter('calls')
  counter.add(1, { result: 'error' })
  watch.listen((series) => told.push(series))
  const waits = meter.createHistogram('waits', { unit: 'ms' })
  meter.createObservableGauge('size').addCallback(() => undefined)
  for (const result of ['ok', 'timeout', 'timeout']) {
    counter.add(1, { result })
    waits.record(3, { result })
  }
  expect(told).toEqual(['calls result=timeout', 'waits result=timeout'])
  watch.renew()
  counter.add(1, { result: 'timeout' })
  expect(told).toHaveLength(3)
  metrics.disable()
})
