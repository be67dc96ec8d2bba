import { expect, test } from 'vitest'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import type { CacheOptions } from '../../../src/library/cache/options.js'
import { OptionError } from '../../../src/library/kernel/errors.js'

test.each([
  ['name', { name: '' }],
  ['ttl', { ttl: 0 }],
  ['ttl', { ttl: -1 }],
  ['ttl', { ttl: Number.NaN }],
  ['ttl', { ttl: 604_801 }],
  ['ttl', { ttl: '300' as never }],
  ['ttlJitter', { ttlJitter: 0.6 }],
  ['deadlineMs', { deadlineMs: 0 }],
  ['deadlineMs', { deadlineMs: Infinity }],
  ['serialize', { serialize: 'json' as never }],
  ['validate', { validate: {} as never }],
  ['maxValueBytes', { maxValueBytes: 0 }],
  ['negativeTtl', { negativeTtl: -1 }],
  ['negativeTtl', { negativeTtl: 0.5 }],
  ['negativeTtl', { negativeTtl: 604_801 }],
  ['negativeTtl', { negativeTtl: '10' as never }],
  ['maxConcurrentLoads', { maxConcurrentLoads: 0 }],
  ['maxConcurrentLoads', { maxConcurrentLoads: 1.5 }],
  ['maxConcurrentLoads', { maxConcurrentLoads: Infinity }],
  ['integrity', { integrity: 1 as never }],
  ['options', null as never],
  ['options', 'fast' as never],
  ['invalidation', { invalidation: 'soft' as never }],
  ['tombstoneMs', { tombstoneMs: 1000 }],
  ['journalMax', { journalMax: -1 }],
  ['breaker', { breaker: true as never }],
  ['breaker.failures', { breaker: { failures: 0 } }],
  ['breaker.maxOpenMs', { breaker: { openMs: 500, maxOpenMs: 100 } }],
] as [string, CacheOptions][])(
  '%s %j is refused when built, with name, value and range',
  (option, options) => {
    const backend = { get: async () => null, set: async () => undefined, del: async () => undefined }
    for (const build of [
      () => createTransparentCache(backend, 'redis', options),
      () => createTransparentCache(null, null, options),
    ]) {
      expect(build).toThrow(OptionError)
      expect(build).toThrow(new RegExp(`^${option.replace('.', '\\.')}: .+ is not `))
    }
  },
)

test.each([
  ['ttlSeconds', { ttlSeconds: 5 }],
  ['breaker.openMS', { breaker: { openMS: 100 } }],
])('%s is no option, and those that are are named', (option, options) => {
  for (const [backend, type] of [
    [null, null],
    [{ get: async () => null, set: async () => undefined, del: async () => undefined }, 'redis'],
  ] as const)
    expect(() => createTransparentCache(backend, type, options as never)).toThrow(
      new RegExp(`^${option} is not an option; there are (breaker\\.)?\\w+, `),
    )
})

test('nor is a backend type that does not exist', () => {
  const backend = { get: async () => null, set: async () => undefined, del: async () => undefined }
  expect(() => createTransparentCache(backend, 'memcached' as never)).toThrow(
    /^backendType: "memcached" is not 'redis', 'upstash' or null$/,
  )
})
