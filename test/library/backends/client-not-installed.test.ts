import { afterEach, expect, test, vi } from 'vitest'
import type { LibraryEvent, RedisBackend } from '../../../src/library/index.js'

const missing = (name: string) => () => {
  throw Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' })
}

afterEach(() => {
  vi.doUnmock('ioredis')
  vi.doUnmock('@upstash/redis')
  vi.resetModules()
})

test.each<[string, RedisBackend]>([
  ['ioredis', { backend: 'redis', url: 'redis://127.0.0.1:1' }],
  ['@upstash/redis', { backend: 'upstash', url: 'http://127.0.0.1:1', token: 'secret-token' }],
])('%s is not installed: said once per process, every read is a miss', async (name, backend) => {
  vi.resetModules()
  vi.doMock(name, missing(name))
  const library = await import('../../../src/library/index.js')
  library.setLogger(null)
  const heard: LibraryEvent[] = []
  const stopHearing = library.onEvent((event) => heard.push(event))
  for (const cacheName of ['one', 'two']) {
    const client = library.createKeyValueClient(backend)
    const cache = library.createTransparentCache<number>(client, backend.backend, { name: cacheName })
    await cache.set('k', 1)
    expect([await cache.get('k'), cache.getBackendType()]).toEqual([null, backend.backend])
    expect(cache.getStatus().cause).toBe('CLIENT_NOT_INSTALLED')
    await cache.close()
  }
  const limits = { name: 'login', limit: 1, windowMs: 1000, onUnavailable: 'deny' } as const
  const limiter = library.createRateLimiter(backend, limits)
  expect(await limiter.limit('ada')).toMatchObject({ allowed: false, reason: 'unavailable' })
  expect(limiter.getStatus().cause).toBe('CLIENT_NOT_INSTALLED')
  await limiter.close()
  stopHearing()
  expect(heard.filter((event) => event.type === 'warning')).toEqual([
    expect.objectContaining({ message: expect.stringContaining(`: npm install ${name}`) }),
  ])
})
