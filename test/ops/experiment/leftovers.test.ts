import { afterAll, beforeAll, expect, test } from 'vitest'
import { findLeftovers } from '../../../src/ops/experiment/leftovers.js'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'

let sandbox: Awaited<ReturnType<typeof startSandbox>>
beforeAll(async () => {
  sandbox = await startSandbox({})
})
afterAll(() => sandbox.stop())

const nobody = { openConnections: () => 0 }

test('an empty server', async () => {
  expect(await findLeftovers({ server: sandbox.redis, door: nobody }, null)).toEqual({
    keys: [],
    connections: 0,
    declaredTtlMs: null,
  })
})

test('keys by prefix in every database, with what a terminal would obey taken out', async () => {
  const { host, port } = sandbox.redis
  await ask(
    { host, port, deadlineMs: 1000 },
    ['SET', 'drill:workload:1', 'x', 'EX', '300'],
    ['SET', 'drill:workload:2', 'x', 'EX', '60'],
    ['INCR', 'ratelimit:me'],
    ['SELECT', '3'],
    ['SET', '\u001b[31mred:1', 'x'],
    ['SET', 'alone', 'x', 'PX', '5000'],
  )
  const left = await findLeftovers({ server: sandbox.redis, door: { openConnections: () => 2 } }, 1000)
  expect(left).toMatchObject({ connections: 2, declaredTtlMs: 1000 })
  expect(left?.keys).toMatchObject([
    { prefix: 'alone', keys: 1, withoutTtl: 0 },
    { prefix: 'drill:workload', keys: 2, withoutTtl: 0 },
    { prefix: 'ratelimit', keys: 1, withoutTtl: 1, longestTtlMs: 0 },
    { prefix: 'red', keys: 1, withoutTtl: 1 },
  ])
  expect(left?.keys[1]?.longestTtlMs).toBeGreaterThan(290_000)
})

test('a server that is gone is nothing to look at', async () => {
  const closed = { url: 'redis://127.0.0.1:1' }
  expect(await findLeftovers({ server: closed, door: nobody }, null)).toBeNull()
})

test('a server that asks for a password', async () => {
  const { host, port } = sandbox.redis
  const before = await findLeftovers({ server: sandbox.redis, door: nobody }, null)
  await ask({ host, port, deadlineMs: 1000 }, ['CONFIG', 'SET', 'requirepass', 'pa55'])
  expect(await findLeftovers({ server: sandbox.redis, door: nobody }, null)).toBeNull()
  const after = await findLeftovers({ server: sandbox.redis, password: 'pa55', door: nobody }, null)
  expect(after?.keys.length).toBe(before?.keys.length)
})
