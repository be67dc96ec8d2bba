import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keySlot } from '../../../../src/library/families/key-slot.js'
import { nodeOf } from '../../../../src/ops/keyspace/nodes.js'
import { nameServer, openServer, type NamedServer, type Server } from '../../../../src/ops/keyspace/server.js'
import { startRedisCluster, type RedisCluster } from '../../../../src/ops/sandbox/redis-cluster.js'
import { purgeBatch } from '../../../../src/ops/keyspace/purge/batch.js'
import { isWhole, noCounts } from '../../../../src/ops/keyspace/purge/counts.js'
import { Throttle } from '../../../../src/ops/keyspace/purge/throttle.js'
import { purgeAt, restoreAt, scratch } from './purging.js'

let cluster: RedisCluster
let named: NamedServer
let server: Server
const directory = scratch()

beforeAll(async () => {
  cluster = await startRedisCluster()
  named = nameServer({ url: cluster.masters[0]!.url, environment: {}, environments: {} })
  server = await openServer(named)
}, 30_000)
afterAll(async () => {
  server.close()
  await cluster.stop()
})

const KEYS = 300
const keys = Array.from({ length: KEYS }, (_, index) => `copilot:conv:c${index}`)
const send = (key: string, ...words: [string, ...string[]]) =>
  nodeOf(server.nodes, Buffer.from(key))!.client.send(words[0], key, ...words.slice(1))
const sizes = () => Promise.all(server.nodes.map(async ({ client }) => Number(await client.send('DBSIZE'))))

beforeEach(async () => {
  await Promise.all(server.nodes.map(({ client }) => client.send('FLUSHALL')))
  await Promise.all(keys.map((key) => send(key, 'SET', `value of ${key}`, 'EX', '500')))
  await send('copilot:conv:a:b', 'SET', 'x')
})

test('every master is purged, and told; restored, all is back where it was', async () => {
  const before = await sizes()
  const { plan, result, ledger, error } = await purgeAt({ named, server }, directory, { family: 'conv' })
  expect(error).toBeUndefined()
  expect(plan).toMatchObject({ keys: KEYS, complete: true })
  expect(plan.nodes.length).toBe(3)
  for (const node of plan.nodes) expect(node.keys).toBeGreaterThan(50)
  expect(result).toMatchObject({ deleted: KEYS, complete: true })
  expect(result!.nodes.map(({ address, deleted }) => ({ address, keys: deleted }))).toEqual(
    plan.nodes.map(({ address, keys: planned }) => ({ address, keys: planned })),
  )
  expect((await sizes()).reduce((sum, size) => sum + size)).toBe(1)
  expect((await restoreAt({ named, server }, ledger!)).result).toMatchObject({
    restored: KEYS,
    complete: true,
  })
  expect(await sizes()).toEqual(before)
  expect(await send(keys[7]!, 'GET')).toBe(`value of ${keys[7]}`)
})

test('keys of a slot that is on its way to another master are counted as left', async () => {
  const there = 'copilot:conv:{slot}there'
  const gone = 'copilot:conv:{slot}gone'
  await send(there, 'SET', 'x')
  const { client } = nodeOf(server.nodes, Buffer.from(there))!
  const target = server.nodes.find((node) => node.client !== client)!
  const slot = keySlot(Buffer.from(there))
  await target.client.send(
    'CLUSTER',
    'SETSLOT',
    slot,
    'IMPORTING',
    String(await client.send('CLUSTER', 'MYID')),
  )
  await client.send(
    'CLUSTER',
    'SETSLOT',
    slot,
    'MIGRATING',
    String(await target.client.send('CLUSTER', 'MYID')),
  )
  try {
    const counts = noCounts()
    const throttle = new Throttle({ idleMs: 1 })
    const options = {
      client,
      method: { kind: 'unlink' as const },
      noTtl: false,
      undo: null,
      throttle,
      random: Math.random,
    }
    // One has gone to the other master since SCAN told of it, which redirects there.
    await purgeBatch([Buffer.from(there), Buffer.from(gone)], options, counts)
    expect(counts).toEqual({ ...noCounts(), moved: 2 })
    expect(isWhole(counts)).toBe(false)
    expect(await send(there, 'GET')).toBe('x')
  } finally {
    for (const node of [client, target.client]) await node.send('CLUSTER', 'SETSLOT', slot, 'STABLE')
  }
})

test('a master that is away: what can be seen is told, and nothing is purged', async () => {
  const before = await sizes()
  cluster.masters[2]!.freeze()
  const away = await openServer(named)
  try {
    const { plan, result, verdict, error } = await purgeAt({ named, server: away }, directory, {
      family: 'conv',
    })
    expect([verdict, result, plan.complete]).toEqual(['inconclusive', null, false])
    expect(error).toMatchObject({ kind: 'environment', code: 'REDIS_TIMEOUT' })
    expect(plan.nodes.filter((node) => node.complete).length).toBe(2)
  } finally {
    away.close()
    cluster.masters[2]!.thaw()
  }
  expect(await sizes()).toEqual(before)
})
