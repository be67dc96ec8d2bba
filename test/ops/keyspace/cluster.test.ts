import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { getKey } from '../../../src/ops/keyspace/get-key.js'
import { inspectKeys } from '../../../src/ops/keyspace/inventory.js'
import { keySlot } from '../../../src/library/families/key-slot.js'
import { nodeOf } from '../../../src/ops/keyspace/nodes.js'
import { nameServer, openServer, type Server } from '../../../src/ops/keyspace/server.js'
import { startRedisCluster, type RedisCluster } from '../../../src/ops/sandbox/redis-cluster.js'
import { catalogue } from './servers.js'

let cluster: RedisCluster
let server: Server
const named = () => nameServer({ url: cluster.masters[1]!.url, environment: {}, environments: {} })

beforeAll(async () => {
  cluster = await startRedisCluster()
  server = await openServer(named())
}, 30_000)
afterAll(async () => {
  server?.close()
  await cluster?.stop()
})

const KEYS = [
  '',
  'a',
  'copilot:conv:1',
  '{',
  '{}x',
  'a{b}c',
  'a{}{b}',
  '{{b}}',
  'a}b{c}d',
  'é\u0000*',
  'x{日本}',
]
const CONVERSATIONS = 3000

test('the slot of a key is the one that the cluster says', async () => {
  for (const key of [...KEYS, Buffer.from([0xff, 0x7b, 0xfe, 0x7d])]) {
    const bytes = Buffer.from(key as string)
    expect(keySlot(bytes)).toBe(await server.client.send('CLUSTER', 'KEYSLOT', bytes))
  }
})

test('every master is open, whichever was named, and each key has one that serves it', async () => {
  expect(server.nodes.map(({ address }) => address)).toEqual(
    cluster.masters.map(({ host, port }) => `${host}:${port}`),
  )
  expect(server).toMatchObject({ unreachable: [], slotsUnserved: 0 })
  for (const key of KEYS) {
    const { client } = nodeOf(server.nodes, Buffer.from(key))!
    expect(await client.send('SET', key, '1')).toBe('OK')
    expect(await client.send('DEL', key)).toBe(1)
  }
})

test('a pass goes over all masters, and may be stopped and gone on with between them', async () => {
  const keys = Array.from({ length: CONVERSATIONS }, (_, index) => `copilot:conv:${index}`)
  for (const node of server.nodes) {
    const its = keys.filter((key) => nodeOf(server.nodes, Buffer.from(key)) === node)
    await node.client.pipeline(its.map((key) => ['SET', key, '{}', 'EX', 50]))
  }
  const report = await inspectKeys(server, named(), { catalogue })
  expect(report.scan).toMatchObject({ keysSeen: CONVERSATIONS, databaseKeys: CONVERSATIONS, complete: true })
  expect(report.families.find(({ family }) => family === 'conv')).toMatchObject({
    keys: CONVERSATIONS,
    sampled: CONVERSATIONS,
  })
  const perNode = report.scan.nodes.map(({ keysSeen }) => keysSeen)
  expect(perNode.reduce((sum, keys) => sum + keys, 0)).toBe(CONVERSATIONS)
  expect(Math.min(...perNode)).toBeGreaterThan(0)

  const first = await inspectKeys(server, named(), {
    catalogue,
    limit: perNode[0]! + 200,
    // Small pages.
    gentle: true,
  })
  expect(first.scan.nodes.map(({ complete }) => complete)).toEqual([true, false, false])
  expect(first.scan.cursor.split(',')).toHaveLength(2)
  const rest = await inspectKeys(server, named(), { catalogue, cursor: first.scan.cursor })
  expect(rest.scan).toMatchObject({ complete: true, cursor: '0' })
  expect(first.scan.keysSeen + rest.scan.keysSeen).toBeGreaterThanOrEqual(CONVERSATIONS)
})

test('a key is looked at where it is', async () => {
  for (const key of ['copilot:conv:1', 'copilot:conv:2', 'copilot:conv:3', 'copilot:conv:4']) {
    expect(await getKey(server, named(), key, { catalogue, showValue: false })).toMatchObject({
      exists: true,
    })
  }
})

test('a slot that moves meanwhile makes the pass a part', async () => {
  const [from, to] = [cluster.masters[0]!, cluster.masters[2]!]
  const clients = await Promise.all([from, to].map(({ url }) => createOperatorClient({ url })))
  const [source, target] = clients as [(typeof clients)[0], (typeof clients)[0]]
  const [sourceId, targetId] = await Promise.all(clients.map((client) => client.send('CLUSTER', 'MYID')))
  const slot = keySlot(Buffer.from('copilot:conv:1'))
  const holder = nodeOf(server.nodes, Buffer.from('copilot:conv:1'))!.address
  const [giver, taker, takerId] =
    holder === target.address ? [target, source, sourceId] : [source, target, targetId]
  const moved = holder === giver.address ? slot : 0
  const keys = (await giver.send('CLUSTER', 'GETKEYSINSLOT', moved, 100)) as string[]
  await taker.send(
    'CLUSTER',
    'SETSLOT',
    moved,
    'IMPORTING',
    holder === target.address ? String(targetId) : String(sourceId),
  )
  await giver.send('CLUSTER', 'SETSLOT', moved, 'MIGRATING', String(takerId))
  const [host = '', port = ''] = taker.address.split(':')
  for (const key of keys) await giver.send('MIGRATE', host, port, key, 0, 1000)
  for (const { url } of cluster.masters) {
    const client = await createOperatorClient({ url })
    await client.send('CLUSTER', 'SETSLOT', moved, 'NODE', String(takerId))
    client.close()
  }
  for (const client of clients) client.close()
  const report = await inspectKeys(server, named(), { catalogue, failOn: ['wrong-type'] })
  expect(report).toMatchObject({ verdict: 'inconclusive', scan: { slotsMoved: true, complete: false } })
})

test('a master that is gone is named, and the others are still counted', async () => {
  await cluster.masters[2]!.kill()
  const others = await openServer(named())
  const report = await inspectKeys(others, named(), { catalogue })
  others.close()
  expect(others.unreachable.map(({ address }) => address)).toEqual([`127.0.0.1:${cluster.masters[2]!.port}`])
  expect(report).toMatchObject({ verdict: 'inconclusive', error: { code: 'REDIS_ECONNREFUSED' } })
  expect(report.scan).toMatchObject({ complete: false })
  expect(report.scan.nodes.map(({ complete }) => complete)).toEqual([true, true, false])
  expect(report.scan.keysSeen).toBeGreaterThan(1000)
})
