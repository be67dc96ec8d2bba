import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import type { OperatorError } from '../../../src/library/backends/operator-error.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'

let sandbox: Sandbox
let redis: RedisServer

beforeAll(async () => {
  sandbox = await startSandbox()
  redis = sandbox.redis
})

afterAll(() => sandbox.stop())

/** The error of what must fail, and how long it took. */
async function failure(of: Promise<unknown>): Promise<OperatorError & { afterMs: number }> {
  const begun = performance.now()
  try {
    await of
  } catch (error) {
    return Object.assign(error as OperatorError, { afterMs: performance.now() - begun })
  }
  throw new Error('it succeeded')
}

describe('a server that answers', () => {
  test('texts as strings, or as the bytes they are', async () => {
    const client = await createOperatorClient({ url: redis.url })
    const key = Buffer.from([0x6b, 0xff, 0x00, 0x0a])
    expect(await client.send('SET', key, 'v')).toBe('OK')
    expect(await client.sendBytes('GET', key)).toEqual(Buffer.from('v'))
    expect(await client.sendBytes('KEYS', '*')).toEqual([key])
    expect(await client.send('CLIENT', 'GETNAME')).toBe('cache-cli')
    client.close()
  })

  test('a pipeline keeps the order, and a refusal its place', async () => {
    const client = await createOperatorClient({ url: redis.url })
    const replies = await client.pipeline([
      ['SET', 'text', 'a'],
      ['INCR', 'text'],
      ['GET', 'text'],
      ['NO-SUCH', 'secret'],
    ])
    expect(replies).toMatchObject(['OK', { code: 'ERR' }, 'a', { code: 'ERR' }])
    expect(String(replies[3])).not.toContain('secret')
    expect(await client.pipelineBytes([['GET', 'text']])).toEqual([Buffer.from('a')])
    expect(await client.pipeline([])).toEqual([])
    client.close()
  })

  test('the database of the URL is the one that is used', async () => {
    const client = await createOperatorClient({ url: `${redis.url}/3` })
    await client.send('SET', 'in-three', 'v')
    expect(await client.send('CLIENT', 'INFO')).toMatch(/ db=3 /)
    client.close()
    const other = await createOperatorClient({ url: redis.url })
    expect(await other.send('EXISTS', 'in-three')).toBe(0)
    other.close()
  })

  test.each([
    ['/99', 'NO_DATABASE', /has no database 99: ERR DB index is out of range/],
    ['?db=99', 'NO_DATABASE', /has no database 99/],
    ['/abc', 'BAD_URL', /is not a number/],
    ['/-1', 'BAD_URL', /is not a number/],
    ['/1/2', 'BAD_URL', /is not a number/],
  ])('a database that is not there is an error, and not database 0: %s', async (path, code, message) => {
    const error = await failure(createOperatorClient({ url: `${redis.url}${path}` }))
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string })
  })

  test('a user who may not select is refused, and not left in database 0', async () => {
    const admin = await createOperatorClient({ url: redis.url })
    await admin.send('ACL', 'SETUSER', 'stay', 'on', '>pw', '~*', '+@all', '-select')
    admin.close()
    const url = `${redis.url.replace('//', '//stay:pw@')}/3`
    expect(await failure(createOperatorClient({ url }))).toMatchObject({ code: 'NOPERM' })
  })

  test('a closed client rejects', async () => {
    const client = await createOperatorClient({ url: redis.url })
    client.close()
    client.close()
    expect(await failure(client.send('PING'))).toMatchObject({ code: 'CLOSED' })
  })
})

describe('a server that does not', () => {
  test('refused', async () => {
    const error = await failure(createOperatorClient({ url: 'redis://:hidden@127.0.0.1:1' }))
    expect(error).toMatchObject({
      code: 'ECONNREFUSED',
      message: 'Nobody listens on 127.0.0.1:1: the connection was refused.',
    })
  })

  test('accepts and says nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    const url = `redis://127.0.0.1:${port}`
    const error = await failure(createOperatorClient({ url, deadlineMs: 300, connectTimeoutMs: 300 }))
    expect(error.code).toBe('TIMEOUT')
    expect(error.afterMs).toBeLessThan(5000)
    silent.close()
  })

  test('is no Redis', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    )
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const error = await failure(createOperatorClient({ url: `redis://127.0.0.1:${port}` }))
    expect(error).toMatchObject({ code: 'PROTOCOL' })
    other.close()
  })

  test('hangs later: the deadline ends the connection, and every later call at once', async () => {
    const client = await createOperatorClient({ url: redis.url, deadlineMs: 200 })
    redis.freeze()
    try {
      const both = await Promise.all([
        failure(client.send('PING')),
        failure(client.pipeline([['PING'], ['PING']])),
      ])
      expect(both[0].code).toBe('TIMEOUT')
      expect(['TIMEOUT', 'CLOSED']).toContain(both[1].code)
      expect(await failure(client.send('PING'))).toMatchObject({ code: 'TIMEOUT' })
    } finally {
      redis.thaw()
    }
  })

  test('dies later', async () => {
    const own = await startSandbox()
    const client = await createOperatorClient({ url: own.redis.url })
    own.redis.freeze()
    const pending = failure(client.pipeline([['PING'], ['PING']]))
    await own.redis.kill()
    expect(await pending).toMatchObject({ code: 'CLOSED' })
    await own.stop()
  })

  test('asks for a password, or for another one', async () => {
    const own = await startSandbox()
    const admin = await createOperatorClient({ url: own.redis.url })
    await admin.send('CONFIG', 'SET', 'requirepass', 'right-one')
    admin.close()
    const { url } = own.redis
    expect(await failure(createOperatorClient({ url }))).toMatchObject({ code: 'NOAUTH' })
    const wrong = await failure(createOperatorClient({ url, password: 'wrong-one' }))
    expect(wrong).toMatchObject({ code: 'WRONGPASS' })
    expect(JSON.stringify(wrong) + wrong.message).not.toContain('wrong-one')
    const client = await createOperatorClient({ url, password: 'right-one' })
    expect(await client.send('PING')).toBe('PONG')
    client.close()
    await own.stop()
  })
})

describe('somebody who does not wait any longer', () => {
  // Deadlines that no test outlives: only the signal can end these.
  const patient = { deadlineMs: 600_000, connectTimeoutMs: 600_000 }

  test('connecting ends with the signal, and with its reason', async () => {
    const stop = new AbortController()
    const silent = createServer(() => stop.abort(new Error('enough'))).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    const url = `redis://:hidden@127.0.0.1:${port}`
    const error = await failure(createOperatorClient({ url, ...patient, signal: stop.signal }))
    expect(error).toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } })
    expect(error.message).toBe(`127.0.0.1:${port} was not waited for any longer.`)
    // Nothing stays open that would keep the process alive.
    await new Promise((resolve) => silent.close(resolve))
  })

  test('before it began', async () => {
    const { url } = redis
    const error = await failure(createOperatorClient({ url, ...patient, signal: AbortSignal.abort() }))
    expect(error).toMatchObject({ code: 'ABORTED' })
  })

  test('a command on a server that hangs', async () => {
    const stop = new AbortController()
    const client = await createOperatorClient({ url: redis.url, ...patient, signal: stop.signal })
    redis.freeze()
    try {
      const both = [failure(client.send('PING')), failure(client.pipeline([['PING'], ['PING']]))]
      stop.abort()
      for (const error of await Promise.all(both)) expect(error).toMatchObject({ code: 'ABORTED' })
      expect(await failure(client.send('PING'))).toMatchObject({ code: 'ABORTED' })
    } finally {
      redis.thaw()
    }
  })

  test('a server that is well still says what it did', async () => {
    const stop = new AbortController()
    const client = await createOperatorClient({ url: redis.url, ...patient, signal: stop.signal })
    const reply = client.send('SET', 'last', 'v')
    stop.abort()
    expect(await reply).toBe('OK')
    client.close()
    expect(await failure(client.send('PING'))).toMatchObject({ code: 'CLOSED' })
  })
})
