import { afterAll, beforeAll, expect, test } from 'vitest'
import { keySlot } from '../../../src/ops/keyspace/key-slot.js'
import { nodeOf } from '../../../src/ops/keyspace/nodes.js'
import { nameServer, openServer, type Server } from '../../../src/ops/keyspace/server.js'
import { startRedisCluster, type RedisCluster } from '../../../src/ops/sandbox/redis-cluster.js'

let cluster: RedisCluster
let server: Server

beforeAll(async () => {
  cluster = await startRedisCluster()
  server = await openServer(nameServer({ url: cluster.masters[1]!.url, environment: {}, environments: {} }))
}, 30_000)
afterAll(async () => {
  server.close()
  await cluster.stop()
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
  }
})
