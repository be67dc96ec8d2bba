import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { Redis as UpstashRedis } from '@upstash/redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startUpstashEndpoint, type UpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'

let sandbox: Sandbox
let endpoint: UpstashEndpoint
let raw: Redis
beforeAll(async () => {
  sandbox = await startSandbox()
  endpoint = await startUpstashEndpoint({ redisUrl: sandbox.redis.url, token: 'right' })
  raw = new Redis(sandbox.redis.url, { protocol: 2 })
})
afterAll(async () => {
  raw.disconnect()
  await endpoint.stop()
  await sandbox.stop()
})
beforeEach(async () => void (await raw.flushall()))

interface Asked {
  path?: string
  method?: string
  headers?: Record<string, string>
  body?: unknown
}

/** Status and parsed body. */
async function ask({ path = '/', method = 'POST', headers = {}, body }: Asked): Promise<[number, unknown]> {
  const response = await fetch(endpoint.url + path, {
    method,
    headers: { authorization: 'Bearer right', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return [response.status, text === '' ? null : JSON.parse(text)]
}

/** What Redis itself answers, as JSON can hold it. */
async function redisSays([name, ...args]: string[]): Promise<unknown> {
  const plain = (reply: unknown): unknown => {
    if (Array.isArray(reply)) return reply.map((item: unknown) => plain(item))
    return reply instanceof Error ? reply.message : reply
  }
  try {
    return { result: plain(await raw.call(name!.toUpperCase(), ...args)) }
  } catch (error) {
    return { error: (error as Error).message.replace(/,? with args beginning with:.*/s, '') }
  }
}

describe('the same replies as the Redis below', () => {
  // Each is asked twice on the same data; what changes the data does so in the same way.
  const commands: string[][] = [
    ['PING'],
    ['ping', 'héllo'],
    ['ECHO', '💥'],
    ['GET', 'text'],
    ['GET', 'missing'],
    ['MGET', 'text', 'missing', 'ok'],
    ['GET', 'list'],
    ['SET', 'new', 'v', 'PX', '100000'],
    ['SET', 'text', 'v', 'NX'],
    ['SET', 'text', 'v', 'EX', '0'],
    ['SET', 'text'],
    ['INCR', 'text'],
    ['STRLEN', 'text'],
    ['EXISTS', 'text', 'missing'],
    ['TTL', 'text'],
    ['TYPE', 'hash'],
    ['HGETALL', 'hash'],
    ['hgetall', 'hash'],
    ['HGETALL', 'missing'],
    ['HMGET', 'hash', '2', 'nope'],
    ['HSET', 'hash', 'b', '2'],
    ['LRANGE', 'list', '0', '-1'],
    ['ZRANGE', 'zset', '0', '-1', 'WITHSCORES'],
    ['ZSCORE', 'zset', 'a'],
    ['ZRANGEBYSCORE', 'zset', '-inf', '+inf', 'WITHSCORES', 'LIMIT', '0', '1'],
    ['SMEMBERS', 'set'],
    ['SISMEMBER', 'set', 'x'],
    ['SCAN', '0', 'COUNT', '1000'],
    ['XRANGE', 'stream', '-', '+'],
    ['XREAD', 'COUNT', '1', 'STREAMS', 'stream', '0'],
    ['XREAD', 'COUNT', '1', 'STREAMS', 'block', '0'],
    ['GEOPOS', 'missing', 'a'],
    ['OBJECT', 'ENCODING', 'text'],
    ['DBSIZE'],
    ['EVAL', 'return {1, "a", false, redis.status_reply("OK"), {2.7, {"deep"}}}', '0'],
    ['EVAL', 'return redis.error_reply("MY error")', '0'],
    ['EVAL', 'return redis.call("GET", KEYS[1])', '1', 'list'],
    ['EVAL', 'this is no Lua', '0'],
    ['EVALSHA', 'f'.repeat(40), '0'],
    ['NOSUCHCOMMAND', 'secret'],
    ['LPUSH', 'text', 'x'],
    ['COPY', 'text', 'copy', 'DB', '99'],
    [''.padEnd(200, 'x')],
    ['DEL', 'missing'],
  ]
  const seed = () =>
    raw
      .pipeline()
      .flushall()
      .set('text', 'a "quoted" ü')
      .set('ok', 'OK')
      .hset('hash', { z: '1', 2: 'two', 1: 'one', __proto: 'x' })
      .rpush('list', 'a', 'b')
      .zadd('zset', 1.5, 'a', 2, 'b')
      .sadd('set', 'x')
      .xadd('stream', '1-1', 'field', 'value')
      .exec()

  test.each(commands.map((command) => [command.join(' ').slice(0, 60), command]))(
    '%s',
    async (_, command) => {
      await seed()
      const wanted = await redisSays(command)
      await seed()
      const [status, got] = await ask({ body: command })
      expect(got).toEqual(wanted)
      expect(status).toBe(Object.hasOwn(got as object, 'error') ? 400 : 200)
    },
  )

  test('as base64: all texts, however deep, but OK', async () => {
    const headers = { 'upstash-encoding': 'base64' }
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    await raw.set('k', 'ü')
    expect(await ask({ headers, body: ['SET', 'a', 'b'] })).toEqual([200, { result: 'OK' }])
    expect(await ask({ headers, body: ['GET', 'k'] })).toEqual([200, { result: base64('ü') }])
    expect(await ask({ headers, body: ['EVAL', 'return {1,{"x"},false}', 0] })).toEqual([
      200,
      { result: [1, [base64('x')], null] },
    ])
    const bytes = Buffer.from([0, 255, 254, 128])
    await raw.set('bytes', bytes)
    expect(await ask({ headers, body: ['GET', 'bytes'] })).toEqual([
      200,
      { result: bytes.toString('base64') },
    ])
  })
})

describe('ways to ask', () => {
  test('a command in the path, with the body and then the query behind it', async () => {
    expect(await ask({ path: '/set/foo/b%20a%2Fr?_token=x', method: 'GET' })).toEqual([200, { result: 'OK' }])
    expect(await ask({ path: '/get/foo', method: 'GET' })).toEqual([200, { result: 'b a/r' }])
    expect(await ask({ path: '/set/foo?PX=90000&NX', body: '{"json":"as it is"}' })).toEqual([
      200,
      { result: null },
    ])
    expect(await ask({ path: '/set/bar?PX=90000', method: 'PUT', body: '{"json":"as it is"}' })).toEqual([
      200,
      { result: 'OK' },
    ])
    expect(await raw.get('bar')).toBe('{"json":"as it is"}')
    expect(await raw.pttl('bar')).toBeGreaterThan(80_000)
    expect((await ask({ path: '/get/foo', method: 'HEAD' }))[0]).toBe(200)
  })

  test('/pipeline: each for itself, in order', async () => {
    const body = [
      ['SET', 'n', 1],
      ['INCR', 'n'],
      ['LPUSH', 'n', 'x'],
      ['GET', 'n'],
    ]
    expect(await ask({ path: '/pipeline', body })).toEqual([
      200,
      [
        { result: 'OK' },
        { result: 2 },
        { error: 'WRONGTYPE Operation against a key holding the wrong kind of value' },
        { result: '2' },
      ],
    ])
  })

  test('/multi-exec: nothing comes in between, and a command that is none discards all', async () => {
    const count = [
      ['INCR', 'n'],
      ['INCR', 'n'],
      ['HSET', 'h', '1', 'x'],
      ['HGETALL', 'h'],
      ['LPUSH', 'n', 'x'],
    ]
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask({ path: '/multi-exec', body: count })),
    )
    for (const [status, results] of answers) {
      const [first, second, , all, wrong] = results as { result?: unknown; error?: string }[]
      expect([status, all?.result]).toEqual([200, ['1', 'x']])
      expect(second?.result).toBe((first?.result as number) + 1)
      expect(wrong?.error).toMatch(/^WRONGTYPE /)
    }
    const broken = [
      ['INCR', 'n'],
      ['SET', 'n'],
    ]
    expect(await ask({ path: '/multi-exec', body: broken })).toEqual([
      400,
      { error: 'EXECABORT Transaction discarded because of previous errors.' },
    ])
    expect(await raw.get('n')).toBe('40')
    const scores = [
      ['ZADD', 'z', 1.5, 'a'],
      ['ZRANGE', 'z', 0, -1, 'WITHSCORES'],
    ]
    expect(await ask({ path: '/multi-exec', body: scores })).toEqual([
      200,
      [{ result: 1 }, { result: ['a', '1.5'] }],
    ])
  })
})

describe('scripts for Upstash', () => {
  const lua = 'return redis.call("INCRBY", KEYS[1], ARGV[1])'
  const flagged = `#!lua flags=allow-key-locking\n${lua}`
  const sha = createHash('sha1').update(flagged).digest('hex')

  test('run without their flag and answer to the name of the text with it', async () => {
    await raw.script('FLUSH')
    expect((await ask({ body: ['EVALSHA', sha, 1, 'n', 2] }))[1]).toMatchObject({
      error: expect.stringMatching(/^NOSCRIPT /),
    })
    expect(await ask({ body: ['EVAL', flagged, 1, 'n', 2] })).toEqual([200, { result: 2 }])
    expect(await ask({ body: ['evalsha', sha.toUpperCase(), 1, 'n', 2] })).toEqual([200, { result: 4 }])
    expect(await ask({ body: ['SCRIPT', 'EXISTS', sha, 'f'.repeat(40)] })).toEqual([200, { result: [1, 0] }])
    await raw.script('FLUSH')
    expect(await ask({ body: ['SCRIPT', 'LOAD', flagged] })).toEqual([200, { result: sha }])
    expect(await ask({ path: '/pipeline', body: [['EVALSHA', sha, 1, 'n', 2]] })).toEqual([
      200,
      [{ result: 6 }],
    ])
  })

  test('keep the flags that Redis knows', async () => {
    const body = ['EVAL', `#!lua flags=no-writes,allow-key-locking\n${lua}`, 1, 'n', 2]
    expect((await ask({ body }))[1]).toMatchObject({
      error: expect.stringMatching(/Write commands are not allowed/),
    })
  })
})

describe('who may ask', () => {
  test.each([
    ['no token', '', {}, 401],
    ['another token', '', { authorization: 'Bearer wrong' }, 401],
    ['a token of the same length', '', { authorization: 'Bearer wrigh' }, 401],
    ['another scheme', '', { authorization: 'Basic right' }, 401],
    ['in the query', '?_token=right', {}, 200],
    ['wrong in the query', '?_token=righ', {}, 401],
    ['any case of the scheme', '', { authorization: 'bearer right' }, 200],
  ] as const)('%s: %s %j', async (_, query, headers, status) => {
    const response = await fetch(`${endpoint.url}/ping${query}`, { headers })
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual(status === 200 ? { result: 'PONG' } : { error: 'Unauthorized' })
  })
})

describe('what it does not do', () => {
  test.each([
    [['SUBSCRIBE', 'c'], 'publish/subscribe streams: SUBSCRIBE'],
    [['monitor'], 'publish/subscribe streams: MONITOR'],
    [['BLPOP', 'k', 0], 'commands that wait: BLPOP'],
    [['XREAD', 'BLOCK', 0, 'STREAMS', 's', '$'], 'commands that wait: XREAD'],
    [['MULTI'], 'transactions outside /multi-exec: MULTI'],
    [['SELECT', 1], 'state of a connection: SELECT'],
    [['SCRIPT', 'DEBUG', 'YES'], 'state of a connection: SCRIPT'],
    [['CONFIG', 'SET', 'requirepass', 'x'], 'administration of the server: CONFIG'],
    [['SHUTDOWN'], 'administration of the server: SHUTDOWN'],
    [['JSON.SET', 'k', '$', '1'], 'commands of modules: JSON.SET'],
  ])('501 that names the feature: %j', async (command, feature) => {
    const refusal = { error: `ERR the emulated endpoint does not support ${feature}` }
    expect(await ask({ body: command })).toEqual([501, refusal])
    expect(await ask({ path: '/pipeline', body: [['INCR', 'n'], command] })).toEqual([501, refusal])
    expect(await ask({ path: '/multi-exec', body: [['INCR', 'n'], command] })).toEqual([501, refusal])
    expect(await raw.exists('n')).toBe(0)
  })

  test('other methods: 405', async () => {
    for (const method of ['DELETE', 'PATCH', 'OPTIONS'])
      expect((await ask({ path: '/ping', method }))[0]).toBe(405)
  })
})

describe('hostile input is answered, and the endpoint goes on', () => {
  test.each<[string, Asked]>([
    ['no JSON', { body: '{' }],
    ['no body', {}],
    ['an object', { body: { get: 'k' } }],
    ['nothing in it', { body: [] }],
    ['an empty name', { body: [''] }],
    ['an argument that is an object', { body: ['GET', { a: 1 }] }],
    ['an argument that is null', { body: ['GET', null] }],
    ['a pipeline that is none', { path: '/pipeline', body: ['GET', 'k'] }],
    ['an empty pipeline', { path: '/pipeline', body: [] }],
    ['a transaction of nothing', { path: '/multi-exec', body: [[]] }],
    ['deep nesting', { body: '['.repeat(100_000) }],
    ['a path that is not encoded', { path: '/get/%E0%A4%A' }],
    ['too many arguments', { body: ['MGET', ...Array<string>(100_001).fill('k')] }],
    ['too many commands', { path: '/pipeline', body: Array<string[]>(10_001).fill(['PING']) }],
  ])('%s: 400', async (_, asked) => {
    const [status, body] = await ask(asked)
    expect([status, body]).toEqual([400, { error: expect.stringMatching(/^ERR /) }])
  })

  test('names out of JavaScript and of the protocol are names', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'PING\r\nSHUTDOWN\r\n', '*1', '💥'])
      expect((await ask({ body: [name] }))[0]).toBe(400)
    expect(await ask({ body: ['SET', '__proto__', '*1\r\n$4\r\nPING\r\n'] })).toEqual([200, { result: 'OK' }])
    expect(await raw.get('__proto__')).toBe('*1\r\n$4\r\nPING\r\n')
  })

  test('a body beyond 10 MiB: 413, announced or not', async () => {
    const body = 'x'.repeat(10 * 1024 * 1024 + 1)
    expect((await ask({ body }))[0]).toBe(413)
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 12; i++) controller.enqueue(Buffer.alloc(1024 * 1024))
        controller.close()
      },
    })
    const chunked = fetch(endpoint.url, {
      method: 'POST',
      headers: { authorization: 'Bearer right' },
      body: stream,
      duplex: 'half',
    } as RequestInit)
    // It answers while the body is still coming, so the sender may see its own connection break first.
    const status = await chunked.then((response) => response.status).catch(() => 413)
    expect(status).toBe(413)
  })

  test('no HTTP, half of it, and a hang-up in the middle', async () => {
    const { port } = endpoint
    const sent = [
      '\u0000\u0001nonsense\r\n\r\n',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n[',
    ]
    for (const text of sent) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await new Promise<void>((done) => socket.write(text, () => done()))
      socket.destroy()
    }
    expect(await ask({ body: ['PING'] })).toEqual([200, { result: 'PONG' }])
  })
})

test('@upstash/redis with its defaults works on it: values, pipelines, transactions, hashes, scripts', async () => {
  const redis = new UpstashRedis({ url: endpoint.url, token: 'right', retry: { retries: 0 } })
  await redis.set('k', { a: 1 })
  expect(await redis.get('k')).toEqual({ a: 1 })
  await redis.hset('h', { a: 1, b: 'x' })
  expect(await redis.hgetall('h')).toEqual({ a: 1, b: 'x' })
  expect(await Promise.all([redis.incr('n'), redis.incr('n'), redis.get('k')])).toEqual([1, 2, { a: 1 }])
  expect(await redis.multi().set('a', 1).incr('a').exec()).toEqual(['OK', 2])
  expect(await redis.eval('return {KEYS[1], ARGV[1]}', ['x'], ['y'])).toEqual(['x', 'y'])
  expect((await redis.scan(0, { match: 'h*' }))[1]).toEqual(['h'])
})

test('while Redis does not answer: 503; afterwards it goes on by itself', async () => {
  const own = await startSandbox()
  const other = await startUpstashEndpoint({ redisUrl: own.redis.url })
  const ping = async () => {
    const response = await fetch(`${other.url}/ping?_token=dev`)
    return [response.status, await response.json()]
  }
  expect(await ping()).toEqual([200, { result: 'PONG' }])
  await own.redis.kill()
  for (let i = 0; i < 3; i++)
    expect(await ping()).toEqual([503, { error: expect.stringMatching(/^Service Unavailable/) }])
  await own.redis.restart({ keepData: false })
  expect(await ping()).toEqual([200, { result: 'PONG' }])
  await other.stop()
  await other.stop()
  await expect(ping()).rejects.toThrow('fetch failed')
  await own.stop()
})
