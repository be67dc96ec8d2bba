import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyValueClient } from '../../src/library/index.js'
import { startSandbox, type Sandbox } from '../../src/ops/testing/index.js'
import { judge } from './judge.js'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())

const create = () => createKeyValueClient({ backend: 'redis', url: sandbox.redis.url }, { deadlineMs: 5000 })

const { exempt } = judge({ create })

test('nothing is exempt', () => {
  expect([...exempt]).toEqual([])
})

test('it leaves nothing behind', async () => {
  const redis = new Redis(sandbox.redis.url)
  // What is left of an invalidated key is a tombstone, for 5 s at most.
  for (const key of await redis.keys('*')) expect(await redis.get(key)).toMatch(/^~tc1:tomb:/)
  redis.disconnect()
})
