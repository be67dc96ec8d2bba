import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until } from '../../support/clients.js'

let sandbox: Sandbox
let raw: Redis
beforeAll(async () => {
  sandbox = await startSandbox()
  raw = new Redis(sandbox.redis.url)
})
beforeEach(() => raw.flushall())
afterAll(async () => {
  raw.disconnect()
  await sandbox.stop()
})

test.each(['99', 'abc'])(
  'a database that is not there (%s) is an outage, and never database 0',
  async (name) => {
    await raw.set('k', '"of another application"')
    const { cache, close } = openCache(`${sandbox.redis.url}/${name}`, { deadlineMs: 1000 })
    for (let i = 0; i < 6; i++) {
      expect(await cache.get('k')).toBeNull()
      await cache.set('k', 'ours')
      await cache.del('k')
    }
    expect(cache.getStatus()).toMatchObject({ state: 'down', cause: 'WRONG_DATABASE' })
    await close()
    expect([await raw.get('k'), await raw.dbsize()]).toEqual(['"of another application"', 1])
  },
)

test('the database that the URL names is used, also after the connection was lost', async () => {
  const { cache, close } = openCache(`${sandbox.redis.url}/3`, { deadlineMs: 1000 })
  await cache.set('k', 1)
  await raw.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await until('a hit', async () => (await cache.get('k')) === 1)
  await until('stored', async () => {
    await cache.set('k', 2)
    return (await cache.get('k')) === 2
  })
  expect(await raw.dbsize()).toBe(0)
  await raw.select(3)
  expect(await raw.get('k')).toBe('2')
  await raw.select(0)
  await close()
})
