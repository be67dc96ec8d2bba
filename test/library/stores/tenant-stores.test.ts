import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SupabaseClient } from '@supabase/supabase-js'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RedisBackend } from '../../../src/library/backends/resolve.js'
import { seal } from '../../../src/library/cache/integrity.js'
import type { TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startSupabase, type SupabaseService } from '../../../src/ops/sandbox/supabase/start-supabase.js'
import { startUpstashEndpoint, type UpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'
import { until } from '../../support/clients.js'
import { supabaseUser } from './supabase-user.js'
import { KINDS, type Kind, type TenantStore } from './tenant-kinds.js'

let sandbox: Sandbox
let supabase: SupabaseService
let upstash: UpstashEndpoint
/** Past the stores: to look into Redis and to write to the table behind their backs. */
let raw: Redis
let service: SupabaseClient
/** In front of Redis, and of Supabase. */
let redisDoor: TcpDoor
let supabaseDoor: TcpDoor

beforeAll(async () => {
  sandbox = await startSandbox()
  supabase = await startSupabase({ watchdog: sandbox.watchdog })
  upstash = await startUpstashEndpoint({ redisUrl: sandbox.redis.url })
  raw = new Redis(sandbox.redis.url)
  service = supabaseUser(supabase.url, supabase.serviceRoleKey)
  redisDoor = await createTcpDoor({ upstream: sandbox.redis })
  supabaseDoor = await createTcpDoor({ upstream: supabase, deaf: true })
})
afterAll(async () => {
  raw?.disconnect()
  await Promise.all([redisDoor?.close(), supabaseDoor?.close(), upstash?.stop(), supabase?.stop()])
  await sandbox?.stop()
})

const opened: TenantStore[] = []
afterEach(async () => {
  await Promise.all([redisDoor.open(), supabaseDoor.open(), raw.config('SET', 'maxmemory', '0')])
  await Promise.all(opened.splice(0).map((store) => store.close()))
})

interface Setting {
  redis: RedisBackend | null
  /** Where Supabase is. */
  url?: string
  deadlineMs?: number
}

/** A process of the application, as far as its store is concerned. */
function open(kind: Kind, { redis, url = supabase.url, deadlineMs }: Setting): TenantStore {
  const client = supabaseUser(url, supabase.serviceRoleKey)
  const store = kind.open({ supabase: client, redis, ...(deadlineMs !== undefined && { deadlineMs }) })
  opened.push(store)
  return store
}

const direct = (): RedisBackend => ({ backend: 'redis', url: sandbox.redis.url })
const throughDoor = (): RedisBackend => ({
  backend: 'redis',
  url: `redis://${redisDoor.host}:${redisDoor.port}`,
})
const newTenant = () => `tenant-${randomUUID()}`

const WORLDS: [string, () => Promise<RedisBackend | null>][] = [
  ['up', () => Promise.resolve(direct())],
  ['absent', () => Promise.resolve(null)],
  ['refused', () => redisDoor.refuse().then(throughDoor)],
  ['hung', () => redisDoor.stall().then(throughDoor)],
  ['full', () => raw.config('SET', 'maxmemory', '1').then(direct)],
  ['Upstash', () => Promise.resolve({ backend: 'upstash', url: upstash.url, token: upstash.token })],
]

describe.each(KINDS)('$name', (kind) => {
  const keyOf = (tenantId: string) => kind.family.pattern.build({ tenantId })
  const isCached = (tenantId: string) =>
    until('it is cached', async () => /\{|none/.test((await raw.get(keyOf(tenantId))) ?? ''))

  test.each(WORLDS)('Redis %s: it is what the source says, with its dates', async (_, prepare) => {
    const store = open(kind, { redis: await prepare() })
    const [tenantId, other] = [newTenant(), newTenant()]
    expect(await store.get(tenantId)).toBeNull()
    const set = await store.set(tenantId, kind.full)
    expect(set).toEqual({ ...kind.full, tenantId, updatedAt: expect.any(Date) as Date })
    for (let read = 0; read < 3; read++) expect(await store.get(tenantId)).toEqual(set)
    const replaced = await store.set(tenantId, {})
    expect(replaced).toEqual({ ...kind.defaults, tenantId, updatedAt: expect.any(Date) as Date })
    expect(await store.get(tenantId)).toEqual(replaced)
    expect(await store.get(other)).toBeNull()
    expect(await store.remove(other)).toBe(false)
    expect(await store.remove(tenantId)).toBe(true)
    expect(await store.get(tenantId)).toBeNull()
    expect(await store.remove(tenantId)).toBe(false)
  })

  test('what was read is answered from the cache, as it was, for five minutes', async () => {
    const store = open(kind, { redis: direct() })
    const tenantId = newTenant()
    await store.set(tenantId, kind.full)
    const miss = await store.get(tenantId)
    await isCached(tenantId)
    await service.from(kind.table).update({ settings: {} }).eq('tenant_id', tenantId)
    expect(await store.get(tenantId)).toEqual(miss)
    const ttlMs = await raw.pttl(keyOf(tenantId))
    expect(ttlMs).toBeGreaterThan(260_000)
    expect(ttlMs).toBeLessThanOrEqual(300_000)
    expect((await raw.get(keyOf(tenantId)))!.startsWith('~tc1:int:')).toBe(kind.integrity)
  })

  test('that there is none is remembered for ten seconds, and no longer than until it is set', async () => {
    const store = open(kind, { redis: direct() })
    const tenantId = newTenant()
    expect(await store.get(tenantId)).toBeNull()
    await isCached(tenantId)
    expect(await raw.pttl(keyOf(tenantId))).toBeLessThanOrEqual(10_000)
    await service.from(kind.table).insert({ tenant_id: tenantId })
    expect(await store.get(tenantId)).toBeNull()
    const set = await store.set(tenantId, kind.full)
    expect(await store.get(tenantId)).toEqual(set)
  })

  test('what is of another tenant, or not whole, is a miss, however it came under the key', async () => {
    const store = open(kind, { redis: direct() })
    const [mine, theirs] = [newTenant(), newTenant()]
    await store.set(theirs, kind.full)
    await store.get(theirs)
    await isCached(theirs)
    const theirText = (await raw.get(keyOf(theirs)))!
    const sealed = (text: string) => (kind.integrity ? seal(keyOf(mine), text) : text)
    const withoutHeader = theirText.slice(theirText.indexOf('{'))
    const set = await store.set(mine, {})
    const dated = { tenantId: mine, updatedAt: { $date: new Date().toISOString() } }
    const undated = { ...kind.defaults, tenantId: mine }
    const texts = [withoutHeader, JSON.stringify(undated), JSON.stringify(dated), '"text"'].map(sealed)
    for (const text of [theirText, ...texts]) {
      // What a read stores afterwards must not be what takes the text away again.
      await raw.del(keyOf(mine))
      await store.get(mine)
      await isCached(mine)
      await raw.set(keyOf(mine), text)
      expect(await store.get(mine)).toEqual(set)
    }
  })

  test('a change in an outage is seen by a process that was not in it, once it is over', async () => {
    const inOutage = open(kind, { redis: throughDoor() })
    const other = open(kind, { redis: direct() })
    const tenantId = newTenant()
    await inOutage.set(tenantId, {})
    await other.get(tenantId)
    await isCached(tenantId)
    await redisDoor.stall()
    const set = await inOutage.set(tenantId, kind.full)
    expect(await inOutage.get(tenantId)).toEqual(set)
    await redisDoor.open()
    await until('its invalidation is delivered', () => inOutage.getStatus().pendingInvalidations === 0)
    expect(await other.get(tenantId)).toEqual(set)
  })

  describe('while Supabase', () => {
    test.each([
      ['refuse', 'UNREACHABLE'],
      ['stall', 'TIMEOUT'],
    ] as const)(
      '%ss, it says so in time, takes it for no answer, and goes on with what is cached',
      async (fault, code) => {
        const { host, port } = supabaseDoor
        const setting = { redis: direct(), url: `http://${host}:${port}`, deadlineMs: 300 }
        const store = open(kind, setting)
        const [cached, unread] = [newTenant(), newTenant()]
        const set = await store.set(cached, kind.full)
        const later = await store.set(unread, {})
        await store.get(cached)
        await isCached(cached)
        await supabaseDoor[fault]()
        const { get, set: put, remove } = kind.operations
        const startedAt = performance.now()
        const attempts = [
          [store.get(unread), get],
          [store.set(unread, kind.full), put],
          [store.remove(unread), remove],
        ] as const
        const refused = attempts.map(([attempt, operation]) =>
          expect(attempt).rejects.toMatchObject({
            name: 'StoreError',
            code,
            store: kind.name,
            operation,
          }),
        )
        await Promise.all(refused)
        expect(performance.now() - startedAt).toBeLessThan(1500)
        expect(await store.get(cached)).toEqual(set)
        await supabaseDoor.open()
        // Whether a change that was given up is carried out later, nobody knows; here it is the record or another, not null.
        if (fault === 'refuse') expect(await store.get(unread)).toEqual(later)
      },
    )

    test.each([
      ['nothing', ''],
      ['null', 'null'],
      ['an object', '{}'],
      ['an empty row', '[null]'],
      ['the row of another tenant', '[{"tenant_id":"another"}]'],
      ['a page', '<html>secret</html>'],
    ])('answers %s with 200, that is no record and not none', async (_, body) => {
      const server = createServer((_request, response) => void response.end(body))
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      const { port } = server.address() as AddressInfo
      const store = open(kind, { redis: direct(), url: `http://127.0.0.1:${port}` })
      const tenantId = newTenant()
      const failing = [() => store.get(tenantId), () => store.set(tenantId, {}), () => store.get(tenantId)]
      for (const call of failing) {
        const error = await call().catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ name: 'StoreError', code: 'UNEXPECTED' })
        expect((error as Error).message).not.toMatch(/secret|another/)
      }
      await new Promise((done) => server.close(done))
      expect(await raw.get(keyOf(tenantId))).not.toMatch(/\{|none/)
    })
  })

  describe('refuses', () => {
    const wrong: [string, (store: TenantStore) => Promise<unknown>, string][] = [
      ['a tenant without a name', (store) => store.get(''), 'INVALID'],
      ['to replace that of no tenant', (store) => store.set('', {}), 'INVALID'],
      ['to remove that of no tenant', (store) => store.remove(undefined as never), 'INVALID'],
      // In a URL all halves of characters are one, and that may be the name of another tenant.
      ['to remove that of half a character', (store) => store.remove('\ud800'), 'INVALID'],
      ['a field that does not exist', (store) => store.set('t', { retentionDay: 1 }), 'INVALID'],
      ['a number that JSON makes null', (store) => store.set('t', { settings: Number.NaN }), 'INVALID'],
      ['what the table does not take', (store) => store.set('t', { settings: 'secret' }), 'INVALID'],
    ]
    test.each(wrong)('%s', async (_, call, code) => {
      const store = open(kind, { redis: null })
      const error = (await call(store).catch((thrown: unknown) => thrown)) as Error
      expect(error).toMatchObject({ name: 'StoreError', code, store: kind.name })
      expect(error.message).not.toContain('secret')
      expect(await store.get('t')).toBeNull()
    })

    const CLIENT = { from: () => null, rpc: () => null }
    test.each([
      ['nothing', undefined, 'options'],
      ['no source', {}, 'supabase'],
      ['a client that is none', { supabase: { form: () => null } }, 'supabase'],
      ['a source that is none', { source: { find: () => null } }, 'source'],
      ['two sources', { supabase: CLIENT, source: {} }, 'source'],
      ['a misspelt option', { supabase: CLIENT, rediss: null }, 'rediss'],
      ['a deadline of nothing', { supabase: CLIENT, deadlineMs: 0 }, 'deadlineMs'],
    ])('to be built from %s', (_, options, option) => {
      expect(() => kind.open(options as never)).toThrow(
        expect.objectContaining({ name: 'OptionError', option }) as Error,
      )
    })
  })

  test('what was read can be written back with a change', async () => {
    const store = open(kind, { redis: direct() })
    const tenantId = newTenant()
    const { updatedAt } = await store.set(tenantId, kind.full)
    const read = (await store.get(tenantId))!
    const written = await store.set(tenantId, { ...read, settings: { changed: true } })
    expect(written).toEqual({ ...read, settings: { changed: true }, updatedAt: written.updatedAt })
    expect(written.updatedAt.getTime()).toBeGreaterThanOrEqual(updatedAt.getTime())
  })

  test('many who ask at once for what is not cached ask the source once', async () => {
    let asked = 0
    const record = { ...kind.full, tenantId: 't', updatedAt: new Date() }
    const find = async () => {
      asked++
      await new Promise((resolve) => setImmediate(resolve))
      return record
    }
    const store = kind.open({ source: { find, put: find, remove: find } as never })
    opened.push(store)
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.get('t')))
    expect(answers).toEqual(Array(50).fill(record))
    expect(asked).toBe(1)
  })
})

test('a policy that allows no model is not one that allows all', async () => {
  const policies = open(KINDS[0]!, { redis: direct() })
  const tenantId = newTenant()
  await policies.set(tenantId, { allowedModels: [] })
  expect(await policies.get(tenantId)).toMatchObject({ allowedModels: [] })
  await policies.set(tenantId, {})
  expect(await policies.get(tenantId)).toMatchObject({ allowedModels: null })
})
