import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createRestDoor } from '../../../../src/ops/faults/doors/rest.js'
import { startRestProxy } from '../../../../src/ops/faults/doors/rest-proxy.js'
import { keptBody, MAX_BODY_BYTES, MAX_KEPT_BYTES } from '../../../../src/ops/faults/doors/kept-body.js'
import { until } from '../../sandbox/until.js'
import { connectOutcome, rawClient } from '../raw-client.js'
import { doorTo, recorder, urlOf } from './services.js'

const POST = (body: string, headers = '') =>
  `POST / HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const listening = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
const hold = () => ({ kind: 'hold' }) as const

describe('open', () => {
  test('method, target, headers and body reach the service as they were sent, and its answer the client', async () => {
    const service = await recorder((response, body) => {
      response.writeHead(418, 'Teapot', ['X-Two', '1', 'X-Two', '2', 'Content-Type', 'x/y'])
      response.end(body.toUpperCase())
    })
    const door = await doorTo(service)
    const one = await rawClient(door.port)
    await one.write(
      'PUT /set/a%20b/c?EX=1&_token=t HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nX-Case: A\r\nx-case: b\r\n' +
        'Connection: close\r\nContent-Length: 4\r\n\r\néab',
    )
    await one.closed
    expect(service.requests).toEqual([
      {
        method: 'PUT',
        target: '/set/a%20b/c?EX=1&_token=t',
        headers: expect.arrayContaining(['Authorization', 'Bearer x', 'X-Case', 'A', 'x-case', 'b']),
        body: Buffer.from('éab').toString('latin1'),
      },
    ])
    // What concerned the client's connection alone.
    expect(service.requests[0]?.headers).not.toContain('close')
    const answer = one.received().toString()
    expect(answer).toMatch(/^HTTP\/1\.1 418 Teapot\r\nX-Two: 1\r\nX-Two: 2\r\nContent-Type: x\/y\r\n/)
    expect(answer).toMatch(/AB\r\n0\r\n\r\n$/)
    expect(door.counts()).toMatchObject({
      requestsSeen: 1,
      requestsAnswered: 0,
      requestsHeld: 0,
      requestsSlowed: 0,
    })
  })

  test('many requests share a connection, one after the other and in one write', async () => {
    const door = await doorTo(await recorder())
    const one = await rawClient(door.port)
    await one.write(POST('first') + POST('second'))
    await until('both', () => one.received().toString().endsWith('second'))
    await one.write(POST('third'))
    await until('the third', () => one.received().toString().endsWith('third'))
    expect(
      one
        .received()
        .toString()
        .match(/HTTP\/1\.1 200 OK/g),
    ).toHaveLength(3)
    expect(door.counts()).toMatchObject({ connectionsAccepted: 1, requestsSeen: 3 })
    one.socket.destroy()
  })

  test('a chunked body of 5 MB arrives intact, both ways', async () => {
    const door = await doorTo(await recorder((response, body) => response.end(Buffer.from(body, 'latin1'))))
    const bytes = randomBytes(5_000_000)
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const asked = request(urlOf(door), { method: 'POST', agent: new Agent() }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(Buffer.concat(chunks)))
      })
      asked.on('error', reject)
      asked.write(bytes.subarray(0, 1000))
      asked.end(bytes.subarray(1000))
    })
    expect(answer.equals(bytes)).toBe(true)
  })

  test('a body that looks like commands of Redis is none', async () => {
    const door = await doorTo(await recorder((response, body) => response.end(String(body.length))))
    const body = 'PING\r\n'.repeat(200_000)
    expect(await (await fetch(urlOf(door), { method: 'POST', body })).text()).toBe(String(body.length))
  })

  test('a service that is not there cuts its clients, and is asked again when it is', async () => {
    const away = await recorder()
    const door = await doorTo({ ...away, port: 1 })
    await expect(fetch(urlOf(door))).rejects.toThrow('fetch failed')
    expect(await connectOutcome(door.port)).toBe('connected')
  })

  test('an answer that breaks off breaks off for the client too', async () => {
    const service = await recorder((response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half')
      setImmediate(() => response.destroy())
    })
    const response = await fetch(urlOf(await doorTo(service)))
    await expect(response.text()).rejects.toThrow('terminated')
  })
})

describe('hostile input', () => {
  test.each([
    ['no HTTP', randomBytes(10_000)],
    [
      'a request that is two',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    ['headers without an end', `GET / HTTP/1.1\r\n${'X-A: b\r\n'.repeat(20_000)}`],
    ['a length that is none', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n'],
    ['a tunnel', 'CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['another address', 'GET http://10.0.0.1/ HTTP/1.1\r\nHost: 10.0.0.1\r\nConnection: close\r\n\r\n'],
    ['an upgrade', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n'],
    ['a body that never ends', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc'],
  ])('%s harms nobody else', async (_what, bytes) => {
    const service = await recorder()
    const door = await doorTo(service)
    const hostile = await rawClient(door.port)
    await hostile.write(bytes)
    const body = await fetch(urlOf(door), { method: 'POST', body: 'well' })
    expect(await body.text()).toBe('well')
    hostile.socket.resetAndDestroy()
    await until('gone', () => door.openConnections() <= 1)
  })

  test('a body that is more than can be kept ends its connection', async () => {
    const service = await recorder()
    const door = await doorTo(service)
    const one = await rawClient(door.port)
    one.socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${MAX_BODY_BYTES + 10}\r\n\r\n`)
    one.socket.write(Buffer.alloc(MAX_BODY_BYTES + 10))
    await one.closed
    expect(service.requests).toEqual([])
    expect(door.counts().requestsSeen).toBe(0)
  })

  test('what is kept of all requests together has a limit, and is given back', async () => {
    const kept = { bytes: MAX_KEPT_BYTES - 3 }
    const requestOf = (body: string) => Object.assign(Readable.from([Buffer.from(body)]), { complete: true })
    const first = await keptBody(requestOf('abc') as never, kept)
    await expect(keptBody(requestOf('d') as never, kept)).rejects.toThrow('more than can be kept')
    first.release()
    expect(kept.bytes).toBe(MAX_KEPT_BYTES - 3)
    await keptBody(requestOf('d') as never, kept)
  })
})

describe('interfere', () => {
  test('what is held reaches the service at the heal, also from a client that has gone, and is answered', async () => {
    const service = await recorder()
    const door = await doorTo(service)
    await door.interfere(hold)
    const gone = await rawClient(door.port)
    await gone.write(POST('gone'))
    const waits = fetch(urlOf(door), { method: 'POST', body: 'waits' })
    await until('held', () => door.counts().requestsHeld === 2)
    gone.socket.resetAndDestroy()
    await until('noticed', () => door.openConnections() === 1)
    expect(service.requests).toEqual([])
    await door.open()
    expect(await (await waits).text()).toBe('waits')
    await until('carried out', () => service.requests.length === 2)
    expect(service.requests.map(({ body }) => body).sort()).toEqual(['gone', 'waits'])
    expect(door.counts()).toMatchObject({ requestsSeen: 2, requestsHeld: 2, requestsAnswered: 0 })
  })

  test('another rule takes over what is held, and a network fault what a rule did', async () => {
    const service = await recorder()
    const door = await doorTo(service)
    await door.interfere(hold)
    const held = fetch(urlOf(door))
    await until('held', () => door.counts().requestsHeld === 1)
    await door.interfere(() => ({ kind: 'answer', status: 500, contentType: 'a/b', body: 'no' }))
    expect((await held).status).toBe(500)
    await door.refuse()
    await expect(fetch(urlOf(door))).rejects.toThrow('fetch failed')
    await door.interfere(() => ({ kind: 'answer', status: 503, contentType: 'a/b', body: 'no' }))
    expect((await fetch(urlOf(door))).status).toBe(503)
    await door.open()
    expect((await fetch(urlOf(door))).status).toBe(200)
  })

  test('the rule is told how many were treated before', async () => {
    const door = await doorTo(await recorder())
    await door.interfere((index) => ({ kind: 'answer', status: 400 + index, contentType: 'a/b', body: '' }))
    const statuses = []
    for (let count = 0; count < 3; count++) statuses.push((await fetch(urlOf(door))).status)
    expect(statuses).toEqual([400, 401, 402])
  })

  test('a slow answer has its head before its body, and loses nothing', async () => {
    const door = await doorTo(await recorder((response) => response.end('0123456789')))
    await door.interfere(() => ({ kind: 'slow', delayMs: 1, pieces: 4, everyMs: 30 }))
    const one = await rawClient(door.port)
    await one.write(POST(''))
    await until('the head', () => one.received().toString().endsWith('\r\n\r\n'))
    await until('all', () => one.received().toString().endsWith('0123456789'))
    await one.write(POST(''))
    await until('again', () => one.received().toString().endsWith('6789') && one.received().length > 200)
    expect(door.counts().requestsSlowed).toBe(2)
    one.socket.destroy()
  })
})

describe('close', () => {
  test('ends every client, the held ones too, and leaves no port', async () => {
    const service = await recorder()
    const door = await createRestDoor({ upstream: service })
    const idle = await rawClient(door.port)
    await door.interfere(hold)
    const held = fetch(urlOf(door))
    await until('held', () => door.counts().requestsHeld === 1)
    await Promise.all([door.close(), door.close()])
    await expect(held).rejects.toThrow('fetch failed')
    await idle.closed
    expect(await connectOutcome(door.port)).toBe('ECONNREFUSED')
    expect(service.requests).toEqual([])
    // The recorder's alone.
    await until('no port is left', () => listening() === 1)
  })

  test('the proxy behind the door cuts its connections by itself', async () => {
    const proxy = await startRestProxy(await recorder())
    const idle = await rawClient(proxy.port)
    proxy.obey(hold)
    await idle.write(POST('held'))
    await until('held', () => proxy.counts().requestsHeld === 1)
    await Promise.all([proxy.close(), idle.closed])
    expect(await connectOutcome(proxy.port)).toBe('ECONNREFUSED')
  })

  test('a port that is taken is said to be, and nothing stays behind', async () => {
    const service = await recorder()
    await expect(createRestDoor({ upstream: service, port: service.port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    })
    // The recorder's alone.
    await until('no port is left', () => listening() === 1)
  })
})
