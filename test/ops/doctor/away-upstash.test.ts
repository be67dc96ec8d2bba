import { createServer as createTcpServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { ownListeners } from './listeners.js'
import { check, doctor } from './run.js'

const { listening, tls } = ownListeners()

const END = 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\n\r\noops'
const BUSY = '{"error":"Too many requests"}'
const TOO_MANY = `HTTP/1.1 429 Too Many Requests\r\ncontent-length: ${BUSY.length}\r\n\r\n${BUSY}`
const rest = (scheme: string, answer: (socket: Socket) => unknown) => async () =>
  `${scheme}://127.0.0.1:${await listening(createTcpServer((socket) => void answer(socket.resume())))}`

test.each<[kind: string, how: string, url: () => Promise<string>, says: RegExp]>([
  [
    'refused',
    'nobody listens',
    async () => `http://127.0.0.1:${await freePort()}`,
    /^refused: nobody listens/,
  ],
  [
    'dns',
    'no such host',
    () => Promise.resolve('http://no-such-host.invalid'),
    /^dns: the host .* is not known/,
  ],
  [
    'tls',
    'https to a server without',
    rest('https', (socket) => socket.end(END)),
    /^tls: it answers, but not with TLS/,
  ],
  [
    'tls',
    'a certificate that has expired',
    async () => `https://127.0.0.1:${await tls('expired.pem')}`,
    /^tls: the certificate has expired/,
  ],
  ['cut', 'what closes', rest('http', (socket) => socket.end()), /^cut: /],
  ['no redis', 'no HTTP', rest('http', (socket) => socket.end('-ERR what\r\n')), /^no redis: .* is no HTTP/],
  [
    'other',
    'another service',
    rest('http', (socket) => socket.end(END)),
    /^other: .* answered 502, and no PONG\.$/,
  ],
  [
    'other',
    'too many requests, in its own words',
    rest('http', (socket) => socket.end(TOO_MANY)),
    /^other: .* answered 429, and no PONG: Too many requests\.$/,
  ],
])('Upstash is away, %s: %s', async (kind, _how, url, says) => {
  const environment = { UPSTASH_REDIS_REST_URL: await url(), UPSTASH_REDIS_REST_TOKEN: 'token-canary' }
  const report = await doctor(environment, { only: ['CON-001'] })
  expect(check(report, 'CON-001')).toMatchObject({
    status: 'FAIL',
    message: expect.stringMatching(says) as string,
    remediation: { text: expect.stringContaining('UPSTASH_REDIS_REST_URL') as string },
  })
  expect(report.impact).toMatchObject({ redis: 'away', kind })
  expect(JSON.stringify(report)).not.toContain('canary')
})
