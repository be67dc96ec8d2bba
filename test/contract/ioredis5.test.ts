import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Redis } from 'ioredis'
import { createKeyValueClient } from '../../src/library/index.js'
import { startSandbox, type Sandbox } from '../../src/ops/testing/index.js'
import { judge } from './judge.js'

// As where an application has installed ioredis 5.
vi.mock('ioredis', () => import('ioredis5'))

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

test('it is ioredis 5 that the library speaks through', async () => {
  const client = create()
  await client.started
  const looker = new Redis(sandbox.redis.url)
  const line = ((await looker.client('LIST')) as string)
    .split('\n')
    .find((connection) => connection.includes('name=transparent-cache'))
  // ioredis 6 speaks RESP3.
  expect(line).toContain(' resp=2')
  looker.disconnect()
  await client.close!()
})
