import { createHash } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RedisKeyValueClient } from '../../../src/library/backends/backend.js'
import { defineScript } from '../../../src/library/backends/script.js'
import { createUpstashClient } from '../../../src/library/backends/upstash.js'
import { withoutContents } from '../../../src/library/backends/upstash-error.js'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import { onEvent, type LibraryEvent } from '../../../src/library/kernel/events.js'
import { startBackend, type BackendUnderTest } from '../../support/backends.js'
import { openCache, until } from '../../support/clients.js'
import { send, startRestService, timeReply, type RestService } from './rest-service.js'

const TOKEN = 'token-canary-8472'

let events: LibraryEvent[]
let stop: () => void
let clients: RedisKeyValueClient[]
let services: RestService[]
beforeEach(() => {
  events = []
  clients = []
  services = []
  stop = onEvent((event) => events.push(event))
})
afterEach(async () => {
  stop()
  vi.restoreAllMocks()
  await Promise.all(clients.map((client) => client.close!()))
  await Promise.all(services.map((service) => service.stop()))
})

function client(url: string, options: { token?: string; deadlineMs?: number } = {}): RedisKeyValueClient {
  const made = createUpstashClient({ url, token: TOKEN, deadlineMs: 2000, ...options })
  clients.push(made)
  return made
}

async function service(answer: RestService['answer']): Promise<RestService> {
  const started = await startRestService(answer)
  services.push(started)
  return started
}

/** Whatever it asks by itself at its start has been answered. */
async function settled(upstash: RedisKeyValueClient): Promise<void> {
  await upstash.ping!().catch(() => undefined)
}

async function failureOf(operation: Promise<unknown>): Promise<Error> {
  const error = await operation.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error)) throw new Error('it did not reject with an Error')
  return error
}

describe('over a real Redis', () => {
  let server: BackendUnderTest
  let raw: Redis
  beforeAll(async () => {
    server = await startBackend('upstash')
    raw = new Redis(server.redis.url)
  })
  afterAll(async () => {
    raw.disconnect()
    await server.stop()
  })
  const own = () => client(server.backend.url, { token: 'dev' })

  test.each([
    '{"a":1}',
    'true',
    'null',
    '"q"',
    '0',
    '12345678901234567890',
    '1.50',
    '',
    'OK',
    'dGVzdA==',
    '💥 ü \u0000 \n',
    '[1,"x",null]',
    '~tc1:tomb:x',
    'x'.repeat(300_000),
  ])('H14: what is stored comes back as the same text: %#', async (text) => {
    const upstash = own()
    await upstash.set('k', text)
    expect(await raw.get('k')).toBe(text)
    expect(await upstash.get('k')).toBe(text)
  })

  test('keys are taken as they are, and a TTL to the millisecond', async () => {
    const upstash = own()
    const key = 'a:b*?[x]{y}%3A/ü💥 '
    await upstash.set(key, 'v', 1.5)
    expect(await raw.pttl(key)).toBeLessThanOrEqual(1500)
    expect(await raw.pttl(key)).toBeGreaterThan(500)
    expect(await upstash.get(key)).toBe('v')
    await upstash.del(key)
    expect([await raw.exists(key), await upstash.get(key)]).toEqual([0, null])
    await upstash.set('forever', 'v')
    expect(await raw.pttl('forever')).toBe(-1)
  })

  test('tells the time of the server once it has started', async () => {
    const upstash = own()
    await settled(upstash)
    const [seconds, micros] = await raw.time()
    const serverMs = Number(seconds) * 1000 + Number(micros) / 1000
    // Never later than it is there, and earlier by the way of one answer.
    expect(upstash.serverNow!()! - serverMs).toBeLessThan(1000)
    expect(upstash.serverNow!()! - serverMs).toBeGreaterThan(-2000)
    expect(await upstash.ping!()).toBe('PONG')
  })

  test('a user that may not ask for the time still reads and deletes; sets are refused', async () => {
    await raw.set('k', '1')
    await raw.call('ACL', 'SETUSER', 'default', '-time')
    const limited = openCache(server.backend, { deadlineMs: 2000, breaker: { failures: 2 } })
    for (let i = 0; i < 4; i++) await limited.cache.set(`s${i}`, 1)
    expect(limited.log).toEqual(Array(4).fill('set refused CLOCK_UNKNOWN'))
    expect(await limited.cache.get('k')).toBe(1)
    await raw.call('ACL', 'SETUSER', 'default', '+time')
    await limited.close()
  })
})

describe('scripts', () => {
  const script = defineScript('return ARGV[1]')
  const flagged = `#!lua flags=allow-key-locking\n${script.lua}`
  const sha = createHash('sha1').update(flagged).digest('hex')

  test('H30: with the flag for Upstash, by text first and by name from then on', async () => {
    const rest = await service((_body, _request, response) => send(response, 200, '{"result":7}'))
    const upstash = client(rest.url)
    await settled(upstash)
    rest.asked.length = 0
    for (let i = 0; i < 3; i++) expect(await upstash.eval!(script, ['k'], ['a', 'b'])).toBe(7)
    expect(rest.asked.map(({ body }) => body)).toEqual([
      ['eval', flagged, 1, 'k', 'a', 'b'],
      ['evalsha', sha, 1, 'k', 'a', 'b'],
      ['evalsha', sha, 1, 'k', 'a', 'b'],
    ])
  })

  test('a server that knows it no more gets the text again; after a failure the name is not tried', async () => {
    const rest = await service((_body, _request, response) => send(response, 200, '{"result":7}'))
    const upstash = client(rest.url)
    await settled(upstash)
    await upstash.eval!(script, ['k'], [])
    rest.answer = (body, _request, response) =>
      body.startsWith('["evalsha"')
        ? send(response, 400, '{"error":"NOSCRIPT No matching script. Please use EVAL."}')
        : send(response, 200, '{"result":8}')
    rest.asked.length = 0
    expect(await upstash.eval!(script, ['k'], [])).toBe(8)
    expect(rest.asked.map(({ body }) => (body as string[])[0])).toEqual(['evalsha', 'eval'])
    rest.answer = (_body, request) => request.socket.destroy()
    await failureOf(upstash.get('k'))
    rest.answer = (_body, _request, response) => send(response, 200, '{"result":9}')
    rest.asked.length = 0
    expect(await upstash.eval!(script, ['k'], [])).toBe(9)
    expect(rest.asked.map(({ body }) => (body as string[])[0])).toEqual(['eval'])
  })
})

test('H14: a service that answers values instead of texts is understood', async () => {
  const rest = await service((_body, _request, response) => send(response, 200, '{"result":5}'))
  const upstash = client(rest.url)
  expect(await upstash.get('k')).toBe('5')
  rest.answer = (_body, _request, response) => send(response, 200, '{"result":[1,2]}')
  expect(await upstash.get('k')).toBe('[1,2]')
})

describe('failures: a miss in time, one request each, and nothing that was sent or answered in what is said', () => {
  const secretBody = 'body-canary-1193'
  const html = `<html>${secretBody}</html>`
  test.each<[string, number, string, string]>([
    ['401', 401, '{"error":"Unauthorized"}', 'UNAUTHORIZED'],
    ['401 as Redis says it', 401, '{"error":"WRONGPASS invalid or missing auth token"}', 'WRONGPASS'],
    ['403', 403, '{"error":"Forbidden"}', 'FORBIDDEN'],
    ['429', 429, '{"error":"ERR max requests limit exceeded. Limit: 10, Usage: 10"}', 'QUOTA'],
    ['500', 500, `{"error":"${secretBody}"}`, 'REST_ERROR'],
    ['503 without an error', 503, `{"message":"${secretBody}"}`, 'REST_ERROR'],
    ['502 in HTML', 502, html, 'UNREADABLE_REPLY'],
    ['500 that is null', 500, 'null', 'UNREADABLE_REPLY'],
    ['200 in HTML', 200, html, 'UNREADABLE_REPLY'],
    ['200 without a result', 200, `{"${secretBody}":1}`, 'UNREADABLE_REPLY'],
    ['200 that is null', 200, 'null', 'UNREADABLE_REPLY'],
    ['200 with an empty body', 200, '', 'UNREADABLE_REPLY'],
  ])('%s', async (_, status, body, errorType) => {
    const rest = await service((_body, _request, response) => send(response, status, body))
    const upstash = client(rest.url)
    const cache = createTransparentCache<string>(upstash, 'upstash', { name: 'failing', deadlineMs: 2000 })
    await settled(upstash)
    rest.asked.length = 0
    expect(await cache.get('key-canary')).toBeNull()
    expect(rest.asked).toHaveLength(1)
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'operation', operation: 'get', result: 'error', errorType }),
    )
    await cache.set('key-canary', 'value-canary')
    const said = await Promise.all([
      failureOf(upstash.get('key-canary')),
      failureOf(upstash.set('key-canary', 'value-canary')),
      failureOf(upstash.eval!(defineScript('return 1'), ['key-canary'], ['value-canary'])),
    ])
    const everything = [...said.map((error) => inspect(error, { depth: 9 })), JSON.stringify(events)].join()
    for (const canary of ['key-canary', 'value-canary', TOKEN]) expect(everything).not.toContain(canary)
    // What the service calls its error is an error message, and never a label.
    expect(JSON.stringify(events)).not.toContain(secretBody)
    if (!body.startsWith('{"error"')) expect(everything).not.toContain(secretBody)
    rest.answer = (_body, _request, response) => send(response, 200, '{"result":1}')
    await cache.close()
  })

  test('H27: a cut connection and a refused port are tried once', async () => {
    const rest = await service((_body, request) => request.socket.destroy())
    const upstash = client(rest.url)
    await settled(upstash)
    rest.asked.length = 0
    await failureOf(upstash.set('k', 'v'))
    expect(rest.asked).toHaveLength(1)
    await rest.stop()
    const cache = createTransparentCache<string>(upstash, 'upstash', { name: 'refused', deadlineMs: 2000 })
    await cache.get('k')
    expect(events.at(-1)).toMatchObject({ result: 'error', errorType: 'ECONNREFUSED' })
    await cache.close()
  })

  test('a service that accepts and never answers: its callers wait their deadline, its sockets go', async () => {
    const sockets = new Set<unknown>()
    const silent = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => sockets.delete(socket))
      socket.resume()
    })
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const builtAt = performance.now()
    const upstash = client(url, { deadlineMs: 1000 })
    const cache = createTransparentCache<string>(upstash, 'upstash', {
      name: 'silent',
      deadlineMs: 1000,
      breaker: false,
    })
    // Also what a process does first: its start is not waited for on top.
    const answers = await Promise.all([cache.get('a'), cache.get('b'), cache.set('c', 'v'), cache.del('d')])
    expect(performance.now() - builtAt).toBeLessThan(1900)
    expect(answers).toEqual([null, null, undefined, undefined])
    const ends = events.flatMap((event) => (event.type === 'operation' ? [event] : []))
    expect(ends.map(({ result, errorType }) => `${result} ${errorType}`)).toEqual(
      Array(4).fill('timeout DEADLINE'),
    )
    const pending = failureOf(upstash.get('e'))
    expect((await pending).name).toBe('TimeoutError')
    await cache.close()
    // fetch keeps a connection for 4 s more.
    await until('all sockets to be gone', () => sockets.size === 0)
    silent.close()
  })

  test('an answer that begins and does not end is given up too', async () => {
    const rest = await service((_body, _request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"result":')
    })
    const upstash = client(rest.url, { deadlineMs: 50 })
    expect((await failureOf(upstash.get('k'))).name).toBe('TimeoutError')
  })
})

describe('the server’s clock', () => {
  test('is forgotten with a failure, and what was asked before it teaches nothing', async () => {
    const answers: (() => void)[] = []
    const rest = await service((body, _request, response) => {
      if (body.startsWith('["time"')) send(response, 200, timeReply(1_000_000))
      else answers.push(() => send(response, 200, '{"result":[1,1000000]}'))
    })
    const upstash = client(rest.url)
    await settled(upstash)
    expect(upstash.serverNow!()).toBeGreaterThanOrEqual(1_000_000)
    const telling = defineScript('return 1', (reply) => Number((reply as number[])[1]))
    const early = upstash.eval!(telling, ['k'], [])
    await until('the script to be asked', () => answers.length === 1)
    const { answer } = rest
    rest.answer = (_body, request) => request.socket.destroy()
    await failureOf(upstash.get('k'))
    expect(upstash.serverNow!()).toBeNull()
    answers[0]!()
    await early
    expect(upstash.serverNow!()).toBeNull()
    // What answers next is another machine, a minute behind.
    rest.answer = (body, request, response) =>
      body.startsWith('["time"') ? send(response, 200, timeReply(940_000)) : answer(body, request, response)
    expect(await upstash.ping!()).toBe('PONG')
    expect(upstash.serverNow!()).toBeGreaterThanOrEqual(940_000)
    expect(upstash.serverNow!()).toBeLessThan(1_000_000)
  })

  test('a refusal of Redis is no failure; many who need the time ask once', async () => {
    const rest = await service((body, _request, response) => {
      if (body.startsWith('["time"')) send(response, 200, timeReply(1_000_000))
      else send(response, 400, '{"error":"WRONGTYPE Operation against a key"}')
    })
    const upstash = client(rest.url)
    await settled(upstash)
    await failureOf(upstash.get('k'))
    expect(upstash.serverNow!()).not.toBeNull()
    rest.answer = (_body, request) => request.socket.destroy()
    await failureOf(upstash.get('k'))
    rest.answer = (_body, _request, response) => send(response, 200, timeReply(1_000_000))
    rest.asked.length = 0
    await Promise.all(Array.from({ length: 20 }, () => upstash.ping!()))
    expect(rest.asked).toHaveLength(1)
  })
})

describe('what cannot work is a backend that is not there', () => {
  test.each([
    ['no token', { url: 'https://x.example', token: '' }],
    ['no URL', { url: '', token: TOKEN }],
    ['no http URL', { url: `ftp://${TOKEN}`, token: TOKEN }],
    ['a token that no header can hold', { url: 'http://127.0.0.1:9', token: `${TOKEN}\nx` }],
  ])('%s', async (_, options) => {
    const console_ = (['warn', 'error', 'log'] as const).map((method) => vi.spyOn(console, method))
    const upstash = createUpstashClient({ ...options, deadlineMs: 200 })
    await upstash.started
    for (let i = 0; i < 3; i++)
      expect(inspect(await failureOf(upstash.get('k')), { depth: 9 })).not.toContain(TOKEN)
    await upstash.close!()
    for (const spy of console_) expect(spy).not.toHaveBeenCalled()
  })
})

test('before 1.36 a body that is no JSON is a SyntaxError, whose message repeats it', () => {
  const error = new SyntaxError(`Unexpected token '<', "<html>body-canary" is not valid JSON`)
  expect(inspect(withoutContents(error), { depth: 9 })).not.toContain('body-canary')
})

test('close fails what is pending, at once, and everything after it', async () => {
  const rest = await service(() => undefined)
  const upstash = client(rest.url, { deadlineMs: 30_000 })
  const pending = failureOf(upstash.get('k'))
  await until('the request', () => rest.asked.length > 0)
  await upstash.close!()
  expect(await pending).toMatchObject({ name: 'NotConnectedError' })
  expect(await failureOf(upstash.get('k'))).toMatchObject({ name: 'NotConnectedError' })
})
