import { createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { ask } from '../../../src/ops/sandbox/ask.js'
import { startSandbox } from '../../../src/ops/testing/index.js'

test('Redis alone, until it is stopped', async () => {
  const sandbox = await startSandbox()
  expect(sandbox.upstash).toBeNull()
  expect(sandbox.redis.url).toBe(`redis://127.0.0.1:${sandbox.redis.port}`)
  await sandbox.stop()
  await sandbox.stop()
  expect(() => process.kill(sandbox.redis.pid, 0)).toThrow(/ESRCH/)
})

test('with the Upstash endpoint over that same Redis', async () => {
  const { redis, upstash, stop } = await startSandbox({ upstash: true })
  const headers = { authorization: `Bearer ${upstash.token}` }
  expect((await fetch(`${upstash.url}/set/k/over-rest`, { headers })).status).toBe(200)
  expect(await ask({ host: redis.host, port: redis.port, deadlineMs: 5000 }, ['GET', 'k'])).toEqual([
    'over-rest',
  ])
  await stop()
  await expect(fetch(upstash.url, { headers })).rejects.toThrow('fetch failed')
})

test('a port that is taken is an error that says so', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as { port: number }
  await expect(startSandbox({ port })).rejects.toMatchObject({ name: 'EnvironmentError', code: 'PORT_TAKEN' })
  other.close()
})

test('an endpoint that cannot reach its Redis says what is missing', async () => {
  vi.doMock('ioredis', () => {
    throw new Error('Cannot find package')
  })
  await expect(startSandbox({ upstash: true })).rejects.toMatchObject({
    code: 'NO_UPSTASH_ENDPOINT',
    suggestions: ['npm install --save-dev ioredis'],
  })
  vi.doUnmock('ioredis')
})

test('a start that was called off leaves nothing', async () => {
  const reason = new Error('enough')
  await expect(startSandbox({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})
