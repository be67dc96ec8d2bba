import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { createTombstone } from '../../../src/library/cache/tombstone.js'
import { allFamilies, families, findFamily } from '../../../src/library/families/families.js'
import { planPurge, requirePurgeable, requirePurgeConfirmed } from '../../../src/ops/keyspace/purge-plan.js'
import { purgeFamily } from '../../../src/ops/keyspace/purge.js'
import { until } from '../../support/clients.js'
import { catalogue, hostileConversations, mixedKeys, startServer, type TestServer } from './servers.js'

let redis: TestServer

beforeAll(async () => {
  redis = await startServer()
})
afterAll(() => redis.stop())

const gentle = { gentle: false }
const options = { catalogue, ...gentle }
const conv = families.conversation
const isOf = (family: string) => (key: string) =>
  findFamily(Buffer.from(key, 'latin1').toString())?.family.id === family

describe('20 000 mixed keys', () => {
  beforeEach(async () => {
    await redis.server.client.send('FLUSHALL')
    await redis.fill(mixedKeys())
  })

  test.each(allFamilies.map(({ id }) => id))(
    '%s: what is purged equals the plan, and nothing else is touched',
    async (id) => {
      const family = allFamilies.find((each) => each.id === id)!
      const before = await redis.keys()
      const plan = await planPurge(redis.server, family, options)
      expect(await redis.keys()).toEqual(before)
      const { result, error } = await purgeFamily({
        client: redis.server.client,
        family,
        expected: plan.keys,
        ...gentle,
      })
      expect(error).toBeNull()
      expect(result).toMatchObject({
        deleted: plan.keys,
        tombstonesLeft: 0,
        gone: 0,
        unknown: 0,
        complete: true,
      })
      const survivors = new Set([...before].filter((key) => !isOf(id)(key)))
      expect(await redis.keys()).toEqual(survivors)
      expect(plan.keys).toBe(before.size - survivors.size)
    },
  )

  test('the plan tells keys that look alike, and its words hold no id', async () => {
    const plan = await planPurge(redis.server, conv, options)
    expect(plan).toMatchObject({ keys: 12_050 + hostileConversations.length, complete: true })
    // `copilot:conv:`, `copilot:conv:a:b`, `copilot:conv:*:*`
    expect(plan.lookAlikes).toBe(3)
    expect(plan.examples.length).toBe(3)
    for (const example of plan.examples) expect(example).toMatch(/^copilot:conv:[^:]{0,3}\*\*\*$/)
    expect(plan.effect).toContain('12,054 reads of the database')
    expect((await planPurge(redis.server, families.rateLimit, options)).effect).toContain('allowance')
  })

  test('tombstones stay', async () => {
    const tombstone = createTombstone()
    await redis.fill([['SET', 'copilot:conv:deleted-just-now', tombstone, 'EX', 50]])
    const { result } = await purgeFamily({
      client: redis.server.client,
      family: conv,
      expected: 0,
      ...gentle,
    })
    expect(result).toMatchObject({
      deleted: 12_050 + hostileConversations.length,
      tombstonesLeft: 1,
      complete: true,
    })
    expect(await redis.server.client.send('GET', 'copilot:conv:deleted-just-now')).toBe(tombstone)
  })

  test('an abort stops after the batch and says what was done', async () => {
    const stop = new AbortController()
    const before = (await redis.keys()).size
    const watcher = await createOperatorClient({ url: redis.named.url })
    const purging = purgeFamily({
      client: redis.server.client,
      family: conv,
      expected: 0,
      gentle: true,
      signal: stop.signal,
    })
    await until('the first deletions', async () => Number(await watcher.send('DBSIZE')) < before)
    stop.abort()
    const { result, error } = await purging
    watcher.close()
    expect(error).toBeNull()
    expect(result.complete).toBe(false)
    expect(result.deleted).toBeGreaterThan(0)
    expect((await redis.keys()).size).toBe(before - result.deleted)
    const rest = await purgeFamily({ client: redis.server.client, family: conv, expected: 0, ...gentle })
    expect(rest.result.deleted + result.deleted).toBe(12_050 + hostileConversations.length)
  })

  test('a writer that races the purge loses nothing outside the family', async () => {
    const writer = await createOperatorClient({ url: redis.named.url })
    let writing = true
    const drafts = Array.from({ length: 500 }, (_, index) => `copilot:conv:${index}:draft`)
    const writes = (async () => {
      for (let round = 0; writing; round++) {
        await writer.pipeline(drafts.map((key) => ['SET', key, 'x'] as const))
        await writer.pipeline([['SET', `copilot:conv:late${round % 100}`, 'x']])
      }
    })()
    const { result } = await purgeFamily({
      client: redis.server.client,
      family: conv,
      expected: 0,
      ...gentle,
    })
    writing = false
    await writes
    writer.close()
    expect(result.complete).toBe(true)
    const keys = [...(await redis.keys())]
    expect(keys.filter((key) => key.endsWith(':draft')).length).toBe(drafts.length)
    expect(keys.filter(isOf('auth.validation')).length).toBe(5000)
    // What was there when it began is gone; what came meanwhile may be either.
    expect(keys.filter(isOf('conv')).every((key) => key.startsWith('copilot:conv:late'))).toBe(true)
  })

  test('another database is not touched', async () => {
    await redis.fill([
      ['SELECT', 1],
      ['SET', 'copilot:conv:elsewhere', 'x'],
      ['SELECT', 0],
    ])
    await purgeFamily({ client: redis.server.client, family: conv, expected: 0, ...gentle })
    expect(String(await redis.server.client.send('INFO', 'keyspace'))).toMatch(/db1:keys=1,/)
    await redis.fill([['SELECT', 1], ['FLUSHDB'], ['SELECT', 0]])
  })
})

test('a server that refuses: nothing half-done is reported as done', async () => {
  const { client } = redis.server
  await client.send('FLUSHALL')
  await redis.fill([['SET', 'copilot:conv:a', 'x']])
  await client.send('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '+@all', '-unlink')
  const reader = await createOperatorClient({ url: redis.named.url.replace('//', '//reader:pw@') })
  const { result, error } = await purgeFamily({ client: reader, family: conv, expected: 1, ...gentle })
  reader.close()
  expect(error).toMatchObject({ kind: 'environment', code: 'REDIS_NOPERM' })
  expect(result).toMatchObject({ deleted: 0, unknown: 0, complete: false })
})

test('a server that dies: what was sent without an answer is counted as unknown', async () => {
  const own = await startServer()
  await own.fill(Array.from({ length: 500 }, (_, index) => ['SET', `copilot:conv:${index}`, 'x'] as const))
  // The second UNLINK meets a frozen server.
  const { client } = own.server
  let sent = 0
  const freezing = Object.create(client) as typeof client
  freezing.sendBytes = (...command) => client.sendBytes(...command)
  freezing.pipeline = (commands) => client.pipeline(commands)
  freezing.send = (...command) => {
    sent += 1
    if (sent === 2) own.sandbox.redis.freeze()
    return client.send(...command)
  }
  const { result, error } = await purgeFamily({ client: freezing, family: conv, expected: 500, ...gentle })
  expect(error).toMatchObject({ code: 'REDIS_TIMEOUT' })
  expect(result).toMatchObject({ deleted: 200, unknown: 200, complete: false })
  own.sandbox.redis.thaw()
  await own.stop()
})

test('a server that hangs when the signal comes: the batch under way is unknown, and nothing is an error', async () => {
  const own = await startServer()
  await own.fill(Array.from({ length: 500 }, (_, index) => ['SET', `copilot:conv:${index}`, 'x'] as const))
  const stop = new AbortController()
  const { signal } = stop
  const client = await createOperatorClient({ url: own.named.url, deadlineMs: 600_000, signal })
  let sent = 0
  const hanging = Object.create(client) as typeof client
  hanging.sendBytes = (...command) => client.sendBytes(...command)
  hanging.pipeline = (commands) => client.pipeline(commands)
  hanging.send = (...command) => {
    sent += 1
    if (sent === 2) {
      own.sandbox.redis.freeze()
      stop.abort()
    }
    return client.send(...command)
  }
  const { result, error } = await purgeFamily({
    client: hanging,
    family: conv,
    expected: 500,
    ...gentle,
    signal,
  })
  expect(error).toBeNull()
  expect(result).toMatchObject({ deleted: 200, unknown: 200, complete: false })
  own.sandbox.redis.thaw()
  await own.stop()
})

describe('the gates', () => {
  const target = { name: 'redis-prod', host: 'h', port: 6379, production: true, fingerprint: 'f' }

  test('production wants its name, exactly', () => {
    const command = 'cache keys purge conv --apply --confirm redis-prod'
    for (const wrong of [undefined, '', 'redis', 'REDIS-PROD', 'yes']) {
      expect(() => requirePurgeConfirmed(target, conv, wrong, command)).toThrow(
        expect.objectContaining({
          kind: 'safety',
          suggestions: expect.arrayContaining([command]) as unknown,
        }),
      )
    }
    expect(() => requirePurgeConfirmed(target, conv, 'redis-prod', command)).not.toThrow()
    expect(() =>
      requirePurgeConfirmed({ ...target, production: false }, conv, undefined, command),
    ).not.toThrow()
  })

  test('a replica and a node of a cluster are refused', () => {
    const facts = { ...redis.server.facts }
    expect(() => requirePurgeable(redis.server)).not.toThrow()
    expect(() => requirePurgeable({ ...redis.server, facts: { ...facts, role: 'replica' } })).toThrow(
      /replica/,
    )
    expect(() => requirePurgeable({ ...redis.server, facts: { ...facts, cluster: true } })).toThrow(/cluster/)
  })
})
