import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOperatorClient, type OperatorClient } from '../../../src/library/backends/operator.js'
import { getKey } from '../../../src/ops/keyspace/get-key.js'
import { inspectKeys } from '../../../src/ops/keyspace/inventory.js'
import { nameServer, openServer, type NamedServer, type Server } from '../../../src/ops/keyspace/server.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { startBackend, type BackendUnderTest } from '../../support/backends.js'
import { catalogue, hostileConversations, hostileOrphans, mixedKeys } from './servers.js'

let behind: BackendUnderTest
let redis: OperatorClient
let named: NamedServer
let server: Server

beforeAll(async () => {
  behind = await startBackend('upstash')
  redis = await createOperatorClient({ url: behind.redis.url })
  const { url, token } = behind.backend as { url: string; token: string }
  const environment = { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }
  named = nameServer({ environment, environments: {}, upstash: true })
  server = await openServer(named)
  await redis.pipeline(mixedKeys())
})
afterAll(async () => {
  server.close()
  redis.close()
  await behind.stop()
})

const commands = async () => {
  const stats = String(await redis.send('INFO', 'commandstats'))
  const calls = /cmdstat_(?:scan|pttl|type|memory\|usage):calls=(\d+)/g
  return [...stats.matchAll(calls)].reduce((sum, [, count]) => sum + Number(count), 0)
}

test('the same report as from Redis itself, at a cost that was told before', async () => {
  const told: number[] = []
  const before = await commands()
  const report = await inspectKeys(server, named, {
    catalogue,
    onEvent: (event) => {
      if (event.type === 'cost') told.push(event.commands)
    },
  })
  const sent = (await commands()) - before
  expect(report.verdict).toBe('pass')
  expect(report.scan).toMatchObject({ complete: true, keysSeen: report.scan.databaseKeys })
  const conv = report.families.find(({ family }) => family === 'conv')!
  expect(conv).toMatchObject({ keys: 12_050 + hostileConversations.length, sampled: 100 })
  // One of them is no text, which JSON cannot carry: it is counted, and not measured.
  expect(report.orphans.keys).toBe(1700 + hostileOrphans.length)
  expect(told).toHaveLength(1)
  expect(sent).toBeGreaterThan(1000)
  expect(sent).toBeLessThanOrEqual(told[0]!)
  expect(report.cost!.foreseen).toBe(told[0])
  expect(report.cost!.sent).toBeGreaterThanOrEqual(sent)
})

test('what would cost too much is refused before the first command of it', async () => {
  const before = await commands()
  const all = { catalogue, perFamily: Infinity }
  await expect(inspectKeys(server, named, all)).rejects.toMatchObject({
    code: 'COSTS_TOO_MUCH',
    suggestions: expect.arrayContaining([expect.stringMatching(/--max-commands \d+$/)]) as string[],
  })
  expect(await commands()).toBe(before)
  const few = await inspectKeys(server, named, { ...all, limit: 500 })
  expect(few.scan.keysSeen).toBeGreaterThanOrEqual(500)
})

test('a key without its value', async () => {
  await redis.send('SET', 'copilot:conv:seen', '{"a":1}', 'EX', 50)
  const report = await getKey(server, named, 'copilot:conv:seen', { catalogue, showValue: false })
  expect(report).toMatchObject({ exists: true, family: 'conv', value: { kind: 'json' } })
})

test('a key that is no text has an error in its place, and the others their replies', async () => {
  const bytes = Buffer.from([0xff, 0xfe])
  await redis.send('SET', bytes, 'x')
  expect(
    await server.client.pipeline([
      ['TYPE', bytes],
      ['TYPE', 'copilot:conv:seen'],
    ]),
  ).toMatchObject([{ code: 'NOT_TEXT' }, 'string'])
})

test.each([
  ['another token', () => ({ token: 'wrong' }), 'REDIS_UNAUTHORIZED'],
  ['nobody there', async () => ({ url: `http://127.0.0.1:${await freePort()}` }), 'REDIS_ECONNREFUSED'],
  ['no Upstash', () => ({ url: behind.redis.url.replace('redis:', 'http:') }), 'REDIS_'],
])('an endpoint that cannot be asked: %s', async (_what, wrong, code) => {
  const error = await openServer({ ...named, ...(await wrong()) }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ kind: 'environment', code: expect.stringContaining(code) as string })
  expect(String(error)).not.toMatch(/wrong/)
})

test('a Redis behind it that hangs is not waited for', async () => {
  const stop = new AbortController()
  const given = await openServer(named, stop.signal)
  behind.redis.freeze()
  const running = inspectKeys(given, named, { catalogue })
  stop.abort(new Error('enough'))
  await expect(running).rejects.toMatchObject({ code: 'REDIS_ABORTED' })
  behind.redis.thaw()
  given.close()
})
