import { createPrivateKey, X509Certificate } from 'node:crypto'
import { connect as connectPlain } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TlsDoor } from '../../../src/ops/faults/doors/door.js'
import { makeTlsCredentials } from '../../../src/ops/faults/doors/tls/credentials.js'
import { createTlsDoor } from '../../../src/ops/faults/doors/tls/tls-door.js'
import { tlsExpired } from '../../../src/ops/faults/tls-expired.js'
import { tlsWrongHost } from '../../../src/ops/faults/tls-wrong-host.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../sandbox/until.js'

const credentials = makeTlsCredentials({ dns: ['localhost'], ipv4: ['127.0.0.1'] })

let sandbox: Sandbox
let door: TlsDoor
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(async () => {
  door = await createTlsDoor({ upstream: sandbox.redis, protocol: 'resp', credentials })
})
afterEach(() => door.close())

/** What came of a PING by TLS: the reply, or the code of the error. */
function ping(options: ConnectionOptions = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = client(options, () => socket.write('PING\r\n'))
    const settle = (outcome: string) => {
      resolve(outcome)
      socket.destroy()
    }
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
    socket.once('data', (reply) => settle(reply.toString().trim()))
    socket.once('close', () => settle('closed'))
  })
}

function client(options: ConnectionOptions, onSecure: () => void): TLSSocket {
  return connect({ host: door.host, port: door.port, ca: credentials.authority, ...options }, onSecure)
}

describe('certificates', () => {
  const authority = new X509Certificate(credentials.authority)
  const shown = (name: keyof typeof credentials.shown) => new X509Certificate(credentials.shown[name].cert)

  test.each(['good', 'expired', 'wrong-host'] as const)('%s is signed by the authority', (name) => {
    const certificate = shown(name)
    expect(authority.ca).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(certificate.checkIssued(authority)).toBe(true)
    expect(certificate.verify(authority.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(credentials.shown[name].key))).toBe(true)
  })

  test('nothing but what is wrong is wrong', () => {
    const now = Date.now()
    for (const name of ['good', 'wrong-host'] as const) {
      expect(Date.parse(shown(name).validFrom)).toBeLessThan(now)
      expect(Date.parse(shown(name).validTo)).toBeGreaterThan(now)
    }
    expect(Date.parse(shown('expired').validTo)).toBeLessThan(now)
    for (const name of ['good', 'expired'] as const) {
      expect(shown(name).checkIP('127.0.0.1')).toBe('127.0.0.1')
      expect(shown(name).checkHost('localhost')).toBe('localhost')
    }
    expect(shown('wrong-host').checkIP('127.0.0.1')).toBeUndefined()
    expect(shown('wrong-host').checkHost('localhost')).toBeUndefined()
  })
})

describe.each([
  [tlsExpired.name, tlsExpired, 'CERT_HAS_EXPIRED'],
  [tlsWrongHost.name, tlsWrongHost, 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('%s', (_name, fault, code) => {
  test('cuts who is connected, turns away who comes, and lets in again on the same port', async () => {
    const { port } = door
    let session: Buffer | undefined
    const early = client({}, () => early.write('PING\r\n')).resume()
    early.on('error', () => undefined)
    early.on('session', (ticket) => (session = ticket))
    const closed = new Promise((resolve) => early.once('close', resolve))
    await until('a session to resume', () => session !== undefined)
    const before = door.counts()

    await fault.apply(door)
    await closed
    expect(await ping()).toBe(code)
    expect(await ping({ maxVersion: 'TLSv1.2' })).toBe(code)
    expect(await ping({ session })).toBe(code)
    await until('counted', () => door.counts().handshakesRefused === 3)
    const atHeal = door.counts()

    await fault.lift(door)
    await fault.lift(door)
    expect(await ping()).toBe('+PONG')
    expect(door.port).toBe(port)
    expect(fault.witness(before, atHeal)).toEqual({
      witnessed: true,
      evidence: '1 connection cut; the certificate was refused in 3 of 3 handshakes',
      counts: { connectionsCut: 1, handshakesRefused: 3, badCertificatesAccepted: 0 },
    })
  })

  test('is not witnessed by a client that does not look', async () => {
    await fault.lift(door)
    const careless = client({ rejectUnauthorized: false }, () => careless.write('PING\r\n'))
    await new Promise((resolve) => careless.once('data', resolve))
    const before = door.counts()
    await fault.apply(door)
    expect(await ping({ rejectUnauthorized: false })).toBe('+PONG')
    expect(fault.witness(before, door.counts())).toMatchObject({
      witnessed: false,
      evidence:
        '1 connection cut; the certificate was refused in 0 of 1 handshake: the client does not look at it',
    })
    careless.destroy()
  })
})

test('what is no TLS harms nobody, and has refused no certificate', async () => {
  await tlsExpired.apply(door)
  for (const words of ['', 'PING\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']) {
    await new Promise((resolve) => {
      const socket = connectPlain(door.port, door.host, () => socket.end(words, 'latin1'))
      socket.on('error', () => undefined)
      socket.once('close', resolve)
    })
  }
  await until('all gone', () => door.openConnections() === 0)
  expect(door.counts().handshakesRefused).toBe(0)
  await door.open()
  expect(await ping()).toBe('+PONG')
})

test('a fault of the network replaces that of the certificate', async () => {
  await tlsExpired.apply(door)
  await door.refuse()
  expect(await ping()).toBe('ECONNREFUSED')
  await door.open()
  expect(await ping()).toBe('+PONG')
})

test('much passes both ways', async () => {
  const value = 'v'.repeat(1_000_000)
  const reply = `+OK\r\n$${value.length}\r\n${value}\r\n`
  const words = ['SET', 'big', value].map((word) => `$${word.length}\r\n${word}\r\n`)
  const socket = client({}, () => socket.write(`*3\r\n${words.join('')}GET big\r\n`))
  let got = ''
  for await (const chunk of socket) {
    got += (chunk as Buffer).toString('latin1')
    if (got.length >= reply.length) break
  }
  expect(got === reply).toBe(true)
})
