import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createKeyValueClient } from '../../../src/library/backends/create.js'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { isTombstone } from '../../../src/library/cache/tombstone.js'
import { onEvent } from '../../../src/library/kernel/events.js'
import { createVirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'
import { buildClosingProcess, startClosingProcess } from './closing-process.js'

let sandbox: Sandbox
let raw: Redis
let a: TestCache

beforeAll(async () => {
  sandbox = await startSandbox()
  raw = new Redis(sandbox.redis.url)
  await buildClosingProcess()
})
afterAll(async () => {
  raw.disconnect()
  await sandbox.stop()
})
beforeEach(async () => {
  await raw.flushall()
  a = openCache(sandbox.redis.url, { deadlineMs: 2000 })
  await a.cache.set('k', 'old')
})
afterEach(() => a.close())

const settled = (promises: Promise<unknown>[]) =>
  Promise.all(promises.map((each) => each.then((value) => value)))

describe('what is under way', () => {
  test('a del and a set that were called before it arrive', async () => {
    const writes = [a.cache.del('k'), a.cache.set('j', 'new')]
    await a.cache.close()
    await settled(writes)
    expect(isTombstone((await raw.get('k'))!)).toBe(true)
    expect(await raw.get('j')).toBe('"new"')
    expect(a.cache.getStatus()).toMatchObject({ pendingInvalidations: 0, lostInvalidations: 0 })
  })

  test('so does what a load brought just before', async () => {
    expect(await a.cache.getOrLoad('loaded', () => Promise.resolve(1))).toBe(1)
    await a.cache.close()
    expect(await raw.get('loaded')).toBe('1')
  })

  test('settles on a server that hangs, and nothing rejects', async () => {
    let load!: (value: string) => void
    const loading = a.cache.getOrLoad('slow', () => new Promise<string>((resolve) => (load = resolve)))
    await until('the load', () => load !== undefined)
    sandbox.redis.freeze()
    try {
      const waiting = [a.cache.get('k'), a.cache.set('k', 1), a.cache.del('k'), a.cache.del('j')]
      const loaded = a.cache.getOrLoad('k', () => Promise.resolve('loaded'))
      await a.cache.close()
      await settled([...waiting, loaded])
      load('at last')
      expect([await waiting[0], await loaded, await loading]).toEqual([null, 'loaded', 'at last'])
      expect(a.cache.getStatus()).toMatchObject({ pendingInvalidations: 0, lostInvalidations: 2 })
    } finally {
      sandbox.redis.thaw()
    }
  })
})

describe('afterwards', () => {
  test.each(['del', 'set'] as const)('a load that began before a %s is joined by nobody', async (write) => {
    await a.cache.close()
    let finish!: (value: string) => void
    const first = a.cache.getOrLoad('k', () => new Promise<string>((resolve) => (finish = resolve)))
    await (write === 'del' ? a.cache.del('k') : a.cache.set('k', 'new'))
    const second = a.cache.getOrLoad('k', () => Promise.resolve('new'))
    finish('old')
    expect([await first, await second]).toEqual(['old', 'new'])
  })

  test('it is as if there were no backend', async () => {
    await a.cache.close()
    a.log.length = 0
    expect(await a.cache.get('k')).toBeNull()
    expect(await a.cache.getOrLoad('k', () => Promise.resolve('loaded'))).toBe('loaded')
    await a.cache.set('k', 'new')
    await expect(a.cache.getOrLoad('k', () => Promise.reject(new Error('its own')))).rejects.toThrow(
      'its own',
    )
    expect(a.log).toEqual(['get skipped', 'get skipped', 'set skipped', 'get skipped'])
    expect(await raw.get('k')).toBe('"old"')
  })

  test('callers still share loads', async () => {
    await a.cache.close()
    let loads = 0
    const load = () => Promise.resolve(++loads)
    await Promise.all([a.cache.getOrLoad('k', load), a.cache.getOrLoad('k', load)])
    expect(loads).toBe(1)
  })

  test('an invalidation is lost, and that is told', async () => {
    await a.cache.close()
    const lost: number[] = []
    const stop = onEvent(
      (event) => event.type === 'invalidations' && event.change === 'lost' && lost.push(event.count),
    )
    await a.cache.del('k')
    stop()
    expect([a.cache.getStatus().lostInvalidations, lost]).toEqual([1, [1]])
  })

  test('a load that ends only then is answered and not stored', async () => {
    let answer!: (value: string) => void
    const loading = a.cache.getOrLoad('j', () => new Promise<string>((resolve) => (answer = resolve)))
    await until('the load', () => answer !== undefined)
    await a.cache.close()
    answer('late')
    expect(await loading).toBe('late')
    expect(await raw.exists('j')).toBe(0)
  })
})

test('it may be called again, also at the same time', async () => {
  await Promise.all([a.cache.close(), a.cache.close()])
  await a.cache.close()
})

test('a connection that others use stays', async () => {
  const client = createKeyValueClient({ backend: 'redis', url: sandbox.redis.url }, { deadlineMs: 2000 })
  const one = createTransparentCache<string>(client, 'redis', { name: 'one' })
  const two = createTransparentCache<string>(client, 'redis', { name: 'two' })
  await one.close()
  expect([await one.get('k'), await two.get('k')]).toEqual([null, 'old'])
  await two.close()
})

test('an invalidation that outlasts it on a connection that others use is told as lost, too', async () => {
  const clock = createVirtualClock()
  const hung = () => new Promise<never>(() => undefined)
  const backend = { get: () => Promise.resolve(null), set: hung, del: hung }
  const options = { clock, deadlineMs: 5000 }
  const one = createTransparentCache<string>(backend, 'redis', { ...options, name: 'outlasted' })
  createTransparentCache<string>(backend, 'redis', { ...options, name: 'user of the same connection' })
  const deleted = one.del('k')
  const closed = one.close()
  await clock.advance(1000)
  await closed
  expect(one.getStatus().lostInvalidations).toBe(0)
  await clock.advance(4000)
  await deleted
  expect(one.getStatus()).toMatchObject({ pendingInvalidations: 0, lostInvalidations: 1 })
})

test.each<[string, () => Promise<void>]>([
  ['rejects', () => Promise.reject(new Error('x'))],
  [
    'throws',
    () => {
      throw new Error('x')
    },
  ],
  ['never answers', () => new Promise(() => undefined)],
])('a client whose close %s does not keep it from ending', async (_, close) => {
  const backend = {
    get: () => Promise.resolve(null),
    set: () => Promise.resolve(),
    del: () => Promise.resolve(),
    close,
  }
  await createTransparentCache<string>(backend, 'redis', { name: 'odd close' }).close()
})

describe('a process ends by itself once its cache is closed', () => {
  test.each(['healthy', 'hung', 'refused'] as const)('on a server that is %s', async (state) => {
    const child = await startClosingProcess(state === 'refused' ? 'redis://127.0.0.1:1' : sandbox.redis.url)
    try {
      if (state === 'hung') sandbox.redis.freeze()
      child.close()
      expect(await child.ended).toEqual({ code: 0, stderr: '' })
    } finally {
      if (state === 'hung') sandbox.redis.thaw()
      child.kill()
    }
  })
})
