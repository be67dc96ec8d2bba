import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { serveControl } from '../../../src/ops/proxy/control/serve.js'
import { FaultyDoor } from '../../../src/ops/proxy/faulty-door.js'
import type { ControlFailure, ProxyStatus } from '../../../src/ops/report/proxy-report.js'
import type { LoopbackServer } from '../../../src/ops/sandbox/http/loopback-server.js'

const TOKEN = 'the-token-of-this-test'
let door: FaultyDoor
let control: LoopbackServer

beforeAll(async () => {
  door = new FaultyDoor('redis', await createTcpDoor({ upstream: { host: '127.0.0.1', port: 1 } }))
  control = await serveControl(door, TOKEN, 0)
})
afterAll(async () => {
  await control.stop()
  await door.close()
})
beforeEach(() => door.open())

interface Answer {
  status: number
  body: ProxyStatus & ControlFailure
}

function ask(line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const [method, path] = line.split(' ')
  return new Promise((resolve, reject) => {
    const asked = request({
      host: control.host,
      port: control.port,
      method,
      path,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] })
      })
    })
    asked.end(typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body))
  })
}

test('says what is, puts a fault on and lifts it', async () => {
  expect(await ask('GET /status')).toMatchObject({
    status: 200,
    body: { schema: 'cache.proxy.status/1', fault: null, openConnections: 0, counts: { connectsRefused: 0 } },
  })
  const { status, body } = await ask('POST /fault', { name: 'stall', forMs: 60_000 })
  expect([status, body.fault?.name]).toEqual([200, 'stall'])
  expect(Date.parse(body.fault!.until!)).toBeGreaterThan(Date.now())
  expect(body.faults).toContain('readonly')
  expect(body.faults).not.toContain('upstash-429')
  expect(await ask('POST /open')).toMatchObject({
    status: 200,
    body: { fault: null, last: { name: 'stall' } },
  })
})

test('a fault under a lease is its driver’s: nobody else replaces it, anybody may lift it', async () => {
  const { body } = await ask('POST /fault', { name: 'stall', leaseMs: 60_000 })
  const { number } = body.fault!
  expect(await ask('POST /renew', { number })).toMatchObject({ status: 200, body: { fault: { number } } })
  expect(await ask('POST /fault', { name: 'refused' })).toMatchObject({
    status: 409,
    body: { error: { code: 'DRIVEN' } },
  })
  expect((await ask('POST /open')).status).toBe(200)
  expect(await ask('POST /renew', { number })).toMatchObject({
    status: 409,
    body: { error: { code: 'LEASE_OVER' } },
  })
})

describe('is refused, and nothing changes', () => {
  test.each([
    ['POST /fault', { name: 'stal' }, 400, 'UNKNOWN_FAULT'],
    ['POST /fault', { name: 'upstash-429' }, 400, 'UNKNOWN_FAULT'],
    ['POST /fault', { name: '__proto__' }, 400, 'UNKNOWN_FAULT'],
    ['POST /fault', {}, 400, 'BAD_FIELD'],
    ['POST /fault', { name: 7 }, 400, 'BAD_FIELD'],
    ['POST /fault', { name: 'stall', forMs: '1s' }, 400, 'BAD_FIELD'],
    ['POST /fault', { name: 'stall', forMs: 0 }, 400, 'BAD_FIELD'],
    ['POST /fault', { name: 'stall', leaseMs: 1 }, 400, 'BAD_FIELD'],
    ['POST /fault', { name: 'stall', leaseMs: 1e12 }, 400, 'BAD_FIELD'],
    ['POST /fault', { name: 'stall', for: 1 }, 400, 'BAD_FIELD'],
    ['POST /open', { name: 'stall' }, 400, 'BAD_FIELD'],
    ['POST /renew', {}, 400, 'BAD_FIELD'],
    ['POST /fault', 'stall', 400, 'BAD_BODY'],
    ['POST /fault', '[]', 400, 'BAD_BODY'],
    ['POST /fault', 'null', 400, 'BAD_BODY'],
    ['GET /fault', undefined, 405, 'BAD_METHOD'],
    ['PUT /open', undefined, 405, 'BAD_METHOD'],
    ['GET /', undefined, 404, 'NOT_FOUND'],
    ['GET /status?x=1', undefined, 404, 'NOT_FOUND'],
  ])('%s %j', async (line, body, status, code) => {
    expect(await ask(line, body)).toMatchObject({
      status,
      body: { error: { code, message: expect.any(String) } },
    })
    expect(door.status().fault).toBeNull()
  })

  test('a body that is too large', async () => {
    const answer = await ask('POST /fault', ' '.repeat(100_000))
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'TOO_LARGE' } } })
  })

  test('with the names, and the one that was meant', async () => {
    const { error } = (await ask('POST /fault', { name: 'stal' })).body
    expect(error.message).toContain('refused, stall, reset')
    expect(error.suggestions).toEqual(['{"name":"stall"}'])
  })

  test.each([
    [{ authorization: '' }, 401],
    [{ authorization: `Bearer ${TOKEN}x` }, 401],
    [{ authorization: TOKEN }, 401],
    // What a page can make somebody's browser send.
    [{ host: 'evil.example' }, 403],
    [{ host: '127.0.0.1' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
  ])('%j', async (headers, status) => {
    const answer = await ask('POST /fault', { name: 'stall' }, headers)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).not.toContain(TOKEN)
    expect(door.status().fault).toBeNull()
  })
})

test('what is no HTTP, or is given up, disturbs nobody', async () => {
  const socket = connect(control.port, control.host)
  socket.on('error', () => undefined)
  await new Promise((done) => socket.once('connect', done))
  socket.write(
    `POST /fault HTTP/1.1\r\nHost: 127.0.0.1:${control.port}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 99\r\n\r\n{"na`,
  )
  socket.destroy()
  const garbage = connect(control.port, control.host)
  garbage.on('error', () => undefined)
  garbage.resume().end('\u0000\u0001 not http\r\n\r\n')
  await new Promise((done) => garbage.once('close', done))
  expect((await ask('GET /status')).status).toBe(200)
})

test('a port that is taken', async () => {
  await expect(serveControl(door, TOKEN, control.port)).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    kind: 'environment',
  })
})
