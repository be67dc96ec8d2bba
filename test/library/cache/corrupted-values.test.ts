import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'

interface Record {
  version: 2
}

let sandbox: Sandbox
let raw: Redis
let a: TestCache
let b: TestCache

beforeAll(async () => {
  sandbox = await startSandbox()
  raw = new Redis(sandbox.redis.url)
})
afterAll(async () => {
  raw.disconnect()
  await sandbox.stop()
})
beforeEach(async () => {
  await raw.flushall()
  const validate = (value: unknown): value is Record => (value as Record).version === 2
  const options = { deadlineMs: 5000, validate, breaker: { failures: 1 } }
  a = openCache(sandbox.redis.url, options)
  b = openCache(sandbox.redis.url, options)
})
afterEach(async () => {
  await a.close()
  await b.close()
})

const HUGE = 5 * 1024 * 1024
const texts: [string, string, string][] = [
  ['garbage', 'garbage', 'UNDECODABLE'],
  ['half a JSON', '{"version":2', 'UNDECODABLE'],
  ['JSON null', 'null', 'UNDECODABLE'],
  ['an empty text', '', 'UNDECODABLE'],
  ['an older form', '{"version":1}', 'UNDECODABLE'],
  ['a form of a later version', '~tc1:later:x', 'UNDECODABLE'],
  ['JSON too deep to parse or to walk', `{"$":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'UNDECODABLE'],
  ['5 MiB of garbage', 'x'.repeat(HUGE), 'TOO_LARGE'],
  ['5 MiB of JSON', `{"version":2,"pad":"${'x'.repeat(HUGE)}"}`, 'TOO_LARGE'],
]

test.each(texts)('%s is a miss that is overwritten by getOrLoad', async (_, text, errorType) => {
  await raw.set('k', text)
  expect(await a.cache.getOrLoad('k', () => Promise.resolve({ version: 2 }))).toEqual({ version: 2 })
  await until('the value to be overwritten', () => a.log.at(-1) === 'set ok')
  expect(a.log).toEqual([`get invalid ${errorType}`, 'set ok'])
  expect(await b.cache.get('k')).toEqual({ version: 2 })
})

test.each(texts)('%s is a miss that is overwritten by set', async (_, text, errorType) => {
  await raw.set('k', text)
  expect(await a.cache.get('k')).toBeNull()
  await a.cache.set('k', { version: 2 })
  expect(await b.cache.get('k')).toEqual({ version: 2 })
  expect(a.log).toEqual([`get invalid ${errorType}`, 'set ok'])
})

test('bytes that are no text cannot be told apart, so they are taken away first', async () => {
  await raw.set('k', Buffer.from([0xff, 0xfe, 0, 1]))
  const load = () => Promise.resolve({ version: 2 })
  expect(await a.cache.getOrLoad('k', load)).toEqual({ version: 2 })
  await until('the first write to end', () => a.log.at(-1) === 'set refused CONFLICT')
  expect(await a.cache.getOrLoad('k', load)).toEqual({ version: 2 })
  await until('the second write to end', () => a.log.at(-1) === 'set ok')
  expect(await b.cache.get('k')).toEqual({ version: 2 })
})

test('however many there are, the breaker stays closed', async () => {
  for (const [name, text] of texts.slice(0, 6)) await raw.set(name, text)
  for (let i = 0; i < 5; i++) {
    for (const [name] of texts.slice(0, 6)) expect(await a.cache.get(name)).toBeNull()
  }
  await a.cache.set('k', { version: 2 })
  expect([await a.cache.get('k'), a.cache.getStatus().state]).toEqual([{ version: 2 }, 'up'])
})
