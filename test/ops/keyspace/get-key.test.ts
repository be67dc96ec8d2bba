import { afterAll, beforeAll, expect, test } from 'vitest'
import { seal } from '../../../src/library/cache/integrity.js'
import { createTombstone } from '../../../src/library/cache/tombstone.js'
import { encodeWindow } from '../../../src/library/rate-limit/window-text.js'
import { getKey } from '../../../src/ops/keyspace/get-key.js'
import { catalogue, startServer, type TestServer } from './servers.js'

let redis: TestServer

beforeAll(async () => {
  redis = await startServer()
  await redis.fill([
    ['SET', 'copilot:conv:conversation-1', '{"owner":"alice","n":1}', 'EX', 50],
    ['SET', 'copilot:llm:policy:forever', '[1,2,3]'],
    ['SET', 'copilot:llm:policy:long', 'true', 'EX', 4000],
    ['HSET', 'copilot:llm:policy:hash', 'a', '1', 'b', '2'],
    ['SET', 'copilot:conv:dead', createTombstone(), 'PX', 5000],
    ['SET', 'copilot:conv:later', '~tc1:later:abc', 'EX', 50],
    ['SET', 'copilot:conv:nothing', '~tc1:none', 'EX', 10],
    ['SET', 'copilot:conv:sealed', seal('copilot:conv:sealed', '{"owner":"alice","n":1}'), 'EX', 50],
    ['SET', 'copilot:conv:sealed-nothing', seal('copilot:conv:sealed-nothing', '~tc1:none'), 'EX', 10],
    ['SET', 'copilot:conv:astray', seal('copilot:conv:sealed', '{"owner":"alice","n":1}'), 'EX', 50],
    ['SET', 'copilot:conv:altered', `${seal('copilot:conv:altered', '{"owner":"alice"}')} `, 'EX', 50],
    ['SET', 'copilot:conv:sealed-big', seal('copilot:conv:sealed-big', 'x'.repeat(200_000)), 'EX', 50],
    ['SET', 'copilot:conv:date', '{"$date":"2026-01-02T03:04:05.006Z"}', 'EX', 50],
    ['SET', 'copilot:conv:bigint', '{"$bigint":"1"}', 'EX', 50],
    ['SET', 'copilot:conv:bytes', Buffer.from([0xff, 0xfe]), 'EX', 50],
    ['SET', 'copilot:conv:big', 'x'.repeat(200_000), 'EX', 50],
    [
      'SET',
      'copilot:ratelimit:login:alice',
      encodeWindow({ slot: 17_000_000, counts: [3, 0, 14] }),
      'EX',
      50,
    ],
    ['SET', 'copilot:ratelimit:login:foreign', '7', 'EX', 50],
    ['SET', 'copilot:conv:a b', 'plain', 'EX', 50],
  ])
})
afterAll(() => redis.stop())

const get = (key: string, showValue = false) =>
  getKey(redis.server, redis.named, key, { catalogue, showValue })

test('family, masked parameters, TTL, size, and a value that is described but not shown', async () => {
  const report = await get('copilot:conv:conversation-1')
  expect(report).toMatchObject({
    verdict: 'pass',
    exists: true,
    key: 'copilot:conv:con***',
    family: 'conv',
    parameters: { conversationId: 'con***' },
    type: 'string',
    ttl: { declaredSeconds: 60 },
    length: 23,
    value: { kind: 'json', summary: 'a JSON object with 2 fields' },
    notes: [],
  })
  expect(report.ttl!.remainingMs).toBeGreaterThan(10_000)
  expect(JSON.stringify(report)).not.toContain('alice')
  expect((await get('copilot:conv:conversation-1', true)).value?.text).toBe('{"owner":"alice","n":1}')
})

test.each([
  ['copilot:llm:policy:forever', 'json', 'a JSON array of 3', /never expires/],
  ['copilot:llm:policy:long', 'json', 'a JSON boolean', /longer than its family/],
  ['copilot:llm:policy:hash', 'collection', 'a hash', /every read of it fails/],
  ['copilot:conv:dead', 'tombstone', 'tombstone', /^$/],
  ['copilot:conv:later', 'reserved', 'later version', /^$/],
  ['copilot:conv:nothing', 'not-found', 'the source has nothing', /^$/],
  [
    'copilot:conv:sealed',
    'json',
    'a JSON object with 2 fields; behind an integrity header that matches',
    /^$/,
  ],
  ['copilot:conv:sealed-nothing', 'not-found', 'header that matches', /^$/],
  ['copilot:conv:astray', 'broken', 'it is the value of another key', /^$/],
  ['copilot:conv:altered', 'broken', 'its text was altered', /^$/],
  ['copilot:conv:sealed-big', 'text', 'too long to look into, behind an integrity header', /^$/],
  ['copilot:conv:date', 'json', 'a date, tagged JSON', /^$/],
  ['copilot:conv:bigint', 'json', 'a BigInt, tagged JSON', /^$/],
  ['copilot:conv:bytes', 'binary', 'no text', /^$/],
  ['copilot:conv:big', 'text', 'too long', /^$/],
  ['copilot:ratelimit:login:alice', 'limiter', '17 let through', /^$/],
  ['copilot:ratelimit:login:foreign', 'json', 'a JSON number', /^$/],
  ['copilot:conv:a b', 'text', 'no JSON', /%-encoded/],
])('%s', async (key, kind, summary, note) => {
  const report = await get(key)
  expect(report.value).toMatchObject({ kind, summary: expect.stringContaining(summary) as unknown })
  expect(report.notes.join('\n')).toMatch(note)
})

test('at most 64 KiB of a value are read, and that is said', async () => {
  const { value, length } = await get('copilot:conv:big', true)
  expect(length).toBe(200_000)
  expect(value).toMatchObject({ truncated: true })
  expect(value!.text!.length).toBe(65_536)
})

test('a tombstone is never shown as a value', async () => {
  expect((await get('copilot:conv:dead', true)).value).not.toHaveProperty('text')
})

test('nothing there', async () => {
  expect(await get('copilot:conv:none')).toMatchObject({
    verdict: 'inconclusive',
    exists: false,
    value: null,
  })
})
