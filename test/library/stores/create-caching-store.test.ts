import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createCachingStore,
  createConversationConfigStore,
  createConversationStore,
  createKeyValueClient,
  createPolicyStore,
  onEvent,
  OptionError,
  setLogger,
  StoreError,
  type CachingStore,
  type CachingStoreOptions,
  type LibraryEvent,
} from '../../../src/library/index.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'

interface Invoice {
  id: string
  tenantId: string
  ownerId: string
  sentAt: Date
}
interface Viewer {
  tenantId: string
  userId: string
}
type Options = CachingStoreOptions<string, Invoice, Viewer>

const OWNER: Viewer = { tenantId: 'acme', userId: 'ada' }
const STRANGER: Viewer = { tenantId: 'acme', userId: 'eve' }
const keyOf = (id: string) => `invoice:${id}`
const invoiceOf = (id: string): Invoice => ({ id, tenantId: 'acme', ownerId: 'ada', sentAt: new Date(5) })

let sandbox: Sandbox
let raw: Redis
let source: Map<string, Invoice>
let loads: string[]
let events: LibraryEvent[]
let open: CachingStore<string, Invoice, Viewer>[]
let stop: () => void

beforeAll(async () => {
  setLogger(null)
  sandbox = await startSandbox()
  raw = new Redis(sandbox.redis.url)
})
afterAll(async () => {
  raw.disconnect()
  await sandbox.stop()
})
beforeEach(async () => {
  await raw.flushall()
  source = new Map([['i1', invoiceOf('i1')]])
  loads = []
  events = []
  open = []
  stop = onEvent((event) => events.push(event))
})
afterEach(async () => {
  for (const store of open) await store.close()
  stop()
})

const load = (id: string) => {
  loads.push(id)
  return Promise.resolve(source.get(id) ?? null)
}
const options = (given: Partial<Options> = {}): Options => ({
  redis: { backend: 'redis', url: sandbox.redis.url },
  name: 'invoices',
  cacheDeadlineMs: 2000,
  key: keyOf,
  load,
  isRecordOf: (invoice, id) => invoice.id === id,
  canRead: (invoice, { tenantId, userId }) => invoice.tenantId === tenantId && invoice.ownerId === userId,
  ...given,
})
function openStore(given: Partial<Options> = {}) {
  const store = createCachingStore(options(given))
  open.push(store)
  return store
}
const stored = (id: string) => until('it to be stored', async () => (await raw.exists(keyOf(id))) === 1)
const operations = () =>
  events.flatMap((event) => (event.type === 'operation' ? [`${event.operation} ${event.result}`] : []))

/** A promise that others wait for until the test lets them go. */
function gate<T>() {
  let open!: (value: T) => void
  let fail!: (error: Error) => void
  const passed = new Promise<T>((resolve, reject) => ([open, fail] = [resolve, reject]))
  return { passed, open, fail }
}

describe('the permission', () => {
  test('is decided on every call: a stranger gets nothing, on a miss and on a hit', async () => {
    const store = openStore()
    expect(await store.get('i1', STRANGER)).toBeNull()
    await stored('i1')
    expect(await store.get('i1', OWNER)).toEqual(invoiceOf('i1'))
    expect(await store.get('i1', STRANGER)).toBeNull()
    expect(await store.get('i1', { ...OWNER, tenantId: 'other' })).toBeNull()
    expect(loads).toEqual(['i1'])
  })

  test('is yes only where it says true: a promise, as of an async function, is no yes', async () => {
    const store = openStore({ canRead: (async () => await Promise.resolve(true)) as never })
    expect(await store.get('i1', OWNER)).toBeNull()
  })
})

describe('a record that is not the one that was asked for', () => {
  const foreign = JSON.stringify({ ...invoiceOf('i1'), id: 'i2' })

  test.each([
    ['of another id', foreign],
    ['of another shape', '{"id":1}'],
    ['no record at all', '"i1"'],
    ['for which the question throws', '[]'],
  ])('in the cache, %s: the source is asked, and it stays as it is', async (_, text) => {
    const store = openStore({ isRecordOf: (invoice, id) => invoice.id.concat() === id })
    await raw.set(keyOf('i1'), text)
    expect(await store.get('i1', OWNER)).toEqual(invoiceOf('i1'))
    expect(await store.get('i1', STRANGER)).toBeNull()
    expect(loads).toEqual(['i1', 'i1'])
    expect(await raw.get(keyOf('i1'))).toBe(text)
    expect(operations()).toEqual(['get hit', 'get hit'])
  })

  test('from the source is an error, and not stored', async () => {
    source.set('i1', invoiceOf('i2'))
    const store = openStore()
    const error = await store.get('i1', OWNER).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'UNEXPECTED', store: 'invoices' })
    expect(String(error)).not.toMatch(/i1|i2|ada/)
    await store.close()
    expect(await raw.keys('*')).toEqual([])
  })

  test('costs the source no more loads at a time than any other', async () => {
    let running = 0
    let most = 0
    const { passed, open: letGo } = gate<void>()
    const store = openStore({
      maxConcurrentLoads: 3,
      load: async (id) => {
        most = Math.max(most, ++running)
        await passed
        running--
        return source.get(id) ?? null
      },
    })
    for (const id of ['a', 'b', 'c', 'd']) source.set(id, invoiceOf(id))
    await raw.set(keyOf('i1'), foreign)
    const ids = ['i1', 'i1', 'a', 'i1', 'b', 'i1', 'c', 'd']
    const answers = Promise.all(ids.map((id) => store.get(id, OWNER)))
    await until('all to have looked', () => operations().length === ids.length && running === 3)
    letGo()
    expect((await answers).map((invoice) => invoice?.id)).toEqual(ids)
    expect(most).toBe(3)
  })
})

describe('a change', () => {
  test('is seen by who reads after it, here and elsewhere, whether it resolved or not', async () => {
    const [store, other] = [
      openStore(),
      openStore({ redis: createKeyValueClient({ backend: 'redis', url: sandbox.redis.url }) }),
    ]
    const change = (ownerId: string, then: () => unknown) =>
      store.change('i1', async () => {
        source.set('i1', { ...invoiceOf('i1'), ownerId })
        await Promise.resolve()
        return then()
      })
    await store.get('i1', OWNER)
    await stored('i1')
    expect(await change('eve', () => 'done')).toBe('done')
    expect([await store.get('i1', STRANGER), await other.get('i1', OWNER)]).toEqual([
      { ...invoiceOf('i1'), ownerId: 'eve' },
      null,
    ])
    const lost = new Error('the answer was lost')
    const rejected = change('ada', () => Promise.reject(lost))
    await expect(rejected).rejects.toBe(lost)
    expect([await store.get('i1', STRANGER), await other.get('i1', OWNER)]).toEqual([null, invoiceOf('i1')])
  })

  test('that throws before it is a promise invalidates, too', async () => {
    const store = openStore()
    await store.get('i1', OWNER)
    await stored('i1')
    const change = () => {
      throw new Error('at once')
    }
    await expect(store.change('i1', change)).rejects.toThrow('at once')
    expect(await raw.get(keyOf('i1'))).toMatch(/^~tc1:tomb:/)
  })

  test('makes a load that began before it neither joined nor stored', async () => {
    const old = gate<Invoice>()
    let first = true
    const store = openStore({
      load: (id) => {
        if (!first) return load(id)
        first = false
        return old.passed
      },
    })
    const early = store.get('i1', OWNER)
    await until('the load to run', () => !first)
    await store.change('i1', () =>
      Promise.resolve(void source.set('i1', { ...invoiceOf('i1'), ownerId: 'eve' })),
    )
    expect(await store.get('i1', OWNER)).toBeNull()
    old.open(invoiceOf('i1'))
    await early
    expect(await store.get('i1', OWNER)).toBeNull()
    expect(loads.length).toBeGreaterThan(0)
    await store.close()
    expect(await raw.get(keyOf('i1'))).toContain('eve')
  })
})

test('a change that is under way when its store is closed is told to others', async () => {
  const [store, other] = [openStore(), openStore()]
  expect(await other.get('i1', OWNER)).toEqual(invoiceOf('i1'))
  await stored('i1')
  let commit!: () => void
  const changed = store.change('i1', async () => {
    await new Promise<void>((resolve) => (commit = resolve))
    source.set('i1', { ...invoiceOf('i1'), ownerId: 'eve' })
  })
  const closed = store.close()
  // Long enough for a cache that waits for nobody.
  await other.get('i1', OWNER)
  await new Promise((resolve) => setTimeout(resolve, 50))
  commit()
  await Promise.all([changed, closed])
  expect(await other.get('i1', OWNER)).toBeNull()
  expect(store.getStatus().lostInvalidations).toBe(0)
})

describe('that there is no record', () => {
  test('is remembered for a short while, until it is invalidated', async () => {
    const store = openStore()
    expect(await store.get('i2', OWNER)).toBeNull()
    await stored('i2')
    expect(await raw.pttl(keyOf('i2'))).toBeLessThanOrEqual(10_000)
    expect(await store.get('i2', OWNER)).toBeNull()
    expect(loads).toEqual(['i2'])
    source.set('i2', invoiceOf('i2'))
    await store.invalidate('i2')
    expect(await store.get('i2', OWNER)).toEqual(invoiceOf('i2'))
  })

  test('is not, where nobody wants it; undefined is none', async () => {
    const store = openStore({ negativeTtlSeconds: 0, load: () => Promise.resolve(undefined as never) })
    expect(await store.get('i2', OWNER)).toBeNull()
    await store.close()
    expect(await raw.exists(keyOf('i2'))).toBe(0)
  })
})

test('the source’s own error is told, untouched, and never remembered', async () => {
  const down = new Error('the database is down')
  let isDown = true
  const store = openStore({ load: (id) => (isDown ? Promise.reject(down) : load(id)) })
  await expect(store.get('i1', OWNER)).rejects.toBe(down)
  isDown = false
  expect(await store.get('i1', OWNER)).toEqual(invoiceOf('i1'))
})

test('an identifier that makes no key does without the cache', async () => {
  source.set('', invoiceOf(''))
  const key = (id: string) => {
    if (id === '') throw new RangeError('empty')
    return keyOf(id)
  }
  const store = openStore({ key })
  expect([await store.get('', OWNER), await store.get('', STRANGER)]).toEqual([invoiceOf(''), null])
  await store.invalidate('')
  expect(operations()).toEqual(['get refused', 'get refused', 'del refused'])
})

describe('Redis', () => {
  test('is shared by stores of one backend, and let go by the last', async () => {
    const connections = async () =>
      ((await raw.call('CLIENT', 'LIST', 'TYPE', 'normal')) as string).trim().split('\n').length - 1
    const [a, b] = [openStore(), openStore({ name: 'others', key: (id) => `other:${id}` })]
    await Promise.all([a.get('i1', OWNER), b.get('i1', OWNER)])
    expect(await connections()).toBe(1)
    await a.close()
    await a.close()
    expect(await b.get('i1', OWNER)).toEqual(invoiceOf('i1'))
    expect(await connections()).toBe(1)
    await b.close()
    await until('no connection to be left', async () => (await connections()) === 0)
    expect(await openStore().get('i1', OWNER)).toEqual(invoiceOf('i1'))
  })

  test.each([
    ['is not configured', null, 'passthrough'],
    ['is not given', undefined, 'passthrough'],
    ['is refused', { backend: 'redis', url: 'redis://127.0.0.1:1' }, 'redis'],
    ['is Upstash, refused', { backend: 'upstash', url: 'http://127.0.0.1:9', token: 't' }, 'upstash'],
    ['is a client that can do nothing', {}, 'redis'],
    ['is a client with a backend of its own', { backend: {}, get: () => Promise.resolve(null) }, 'redis'],
  ] as const)('%s: the same store, without it', async (_, redis, type) => {
    const store = openStore({ redis: redis as Options['redis'] })
    expect(store.getBackendType()).toBe(type)
    expect(await store.get('i1', OWNER)).toEqual(invoiceOf('i1'))
    expect(await store.get('i1', STRANGER)).toBeNull()
    await store.change('i1', () => Promise.resolve(source.delete('i1')))
    expect(await store.get('i1', OWNER)).toBeNull()
    expect(store.getStatus().backend).toBe(type)
  })
})

describe('options are checked when the store is built', () => {
  test.each([
    ['options', null],
    ['name', { name: '' }],
    ['key', { key: undefined }],
    ['load', { load: 'load' }],
    ['isRecordOf', { isRecordOf: undefined }],
    ['canRead', { canRead: undefined }],
    ['ttlSeconds', { ttlSeconds: 0 }],
    ['negativeTtlSeconds', { negativeTtlSeconds: -1 }],
    ['cacheDeadlineMs', { cacheDeadlineMs: 60_001 }],
    ['integrity', { integrity: 'yes' }],
    ['maxConcurrentLoads', { maxConcurrentLoads: 0 }],
    ['backendType', { backendType: 'memcached' }],
  ])('%s: %j', (option, wrong) => {
    const build = () => createCachingStore((wrong === null ? null : options(wrong as never)) as never)
    expect(build).toThrow(OptionError)
    expect(build).toThrow(new RegExp(`^${option}: .+ is not .+`))
  })

  test('those that do not exist, and a backend that is none, without what is in it', () => {
    const build = (given: object) => () => createCachingStore(options(given))
    expect(build({ ttl: 60 })).toThrow(/^ttl is not an option; there are redis, backendType, name/)
    for (const redis of ['redis://:s3cret@host', { backend: 'memcached', url: 's3cret' }, 7]) {
      expect(build({ redis })).toThrow(/^redis is not what resolveRedisBackend answers, a client, or null$/)
    }
  })

  test('the key of a Supabase client, given in its place, is not repeated', () => {
    for (const create of [createConversationStore, createPolicyStore, createConversationConfigStore]) {
      for (const supabase of ['s3cret', { supabaseKey: 's3cret' }]) {
        const build = () => create({ supabase: supabase as never })
        expect(build).toThrow(/^supabase is not a client of @supabase\/supabase-js, and there is no source$/)
        expect(build).toThrow(expect.objectContaining({ value: undefined }) as Error)
      }
    }
  })
})
