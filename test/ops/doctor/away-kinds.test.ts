import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createOperatorClient, type Command } from '../../../src/library/backends/operator.js'
import type { DeclaredClient } from '../../../src/ops/doctor/judged-client.js'
import type { DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { until } from '../../support/clients.js'
import { loadingServer } from '../faults/resp/real-states.js'
import { cache } from '../../support/cache.js'
import { busy } from './commands.js'
import { ownServer } from './own-server.js'
import { check, doctor } from './run.js'

const server = ownServer()
const undo: (() => unknown)[] = []
const atTheEnd: (() => unknown)[] = []
let unsaving: Promise<RedisServer> | undefined
const cannotSave = async () => (await (unsaving ??= startUnsaving())).url

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})
afterAll(async () => {
  for (const step of atTheEnd) await step()
})

/** Until the test is over. */
async function meanwhile(enter: readonly Command[], leave: readonly Command[]): Promise<string> {
  undo.push(async () => {
    for (const command of leave) await server.admin.send(...command)
  })
  for (const command of enter) await server.admin.send(...command)
  return server.url
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  undo.push(() => {
    sockets.forEach((socket) => socket.destroy())
    server.close()
  })
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done))
  return (server.address() as AddressInfo).port
}

const pem = (name: string) => readFileSync(`test/ops/doctor/fixtures/${name}`)
const tlsServer = (certificate: string) =>
  listening(
    createTlsServer({ key: pem('localhost-key.pem'), cert: pem(certificate) }, (socket) =>
      socket.on('error', () => {}),
    ).on('tlsClientError', () => {}),
  )

/** Answers each packet with the same words, as some proxies do. */
const parrot = (words: string) =>
  listening(createTcpServer((socket) => socket.on('data', () => socket.write(words))))

interface Row {
  kind: string
  how: string
  url: () => Promise<string>
  redis: 'away' | 'half'
  says: RegExp
  feels: RegExp
  /** Of the whole run, where silence has to be waited for; a third of it is. */
  timeoutMs?: number
  /** @default the embedded library, whose callers see no error */
  client?: DeclaredClient
}

const REFUSED = /each cache call is refused at once\.[^]*Supabase gets every read/
const KEEPS_OLD =
  /reads still hit .* Invalidations are refused as well[^]*every read once the TTLs have ended/

const ROWS: Row[] = [
  {
    kind: 'auth',
    how: 'a user that may nothing',
    url: async () => {
      const url = await meanwhile(
        [['ACL', 'SETUSER', 'app', 'on', '>pw-canary', '~*', '-@all']],
        [['ACL', 'DELUSER', 'app']],
      )
      return url.replace('//', '//app:pw-canary@')
    },
    redis: 'away',
    says: /^auth: It knows this user, and allows it neither PING nor GET/,
    feels: /falls back within 100 ms/,
  },
  {
    kind: 'dns',
    how: 'a name that nobody knows',
    url: () => Promise.resolve('redis://no-such-host.invalid:6379'),
    redis: 'away',
    says: /^dns: /,
    feels: /falls back within 100 ms/,
  },
  {
    kind: 'unreachable',
    how: 'a server that hangs, with a full queue of connections',
    timeoutMs: 1500,
    url: fullQueue,
    redis: 'away',
    says: /^unreachable: Nobody answers to a new connection: .*queue of connections is full/,
    feels: /falls back within 100 ms/,
  },
  {
    kind: 'tls',
    how: 'a certificate that has expired',
    url: async () => `rediss://127.0.0.1:${await tlsServer('expired.pem')}`,
    redis: 'away',
    says: /^tls: The certificate has expired/,
    feels: /falls back/,
  },
  {
    kind: 'tls',
    how: 'a certificate that nobody trusts',
    url: async () => `rediss://127.0.0.1:${await tlsServer('localhost.pem')}`,
    redis: 'away',
    says: /^tls: The certificate is self-signed/,
    feels: /falls back/,
  },
  {
    kind: 'tls',
    how: 'a Redis without TLS behind rediss://',
    timeoutMs: 1500,
    url: () => Promise.resolve(server.url.replace('redis:', 'rediss:')),
    redis: 'away',
    says: /^tls: It answers, but not with TLS/,
    feels: /falls back/,
  },
  {
    kind: 'tls',
    how: 'a server with TLS behind redis://',
    url: async () => `redis://127.0.0.1:${await tlsServer('localhost.pem')}`,
    redis: 'away',
    says: /^tls: It speaks TLS, and REDIS_URL says redis:/,
    feels: /falls back/,
  },
  {
    kind: 'loading',
    how: 'a server that loads its data',
    url: async () => {
      const { port, stop } = await loadingServer(server.sandbox)
      undo.push(stop, () => server.admin.send('FLUSHALL'))
      return `redis://127.0.0.1:${port}`
    },
    redis: 'half',
    says: /^loading: .* is loading its data/,
    feels: /falls back within 100 ms[^]*Supabase gets every read/,
  },
  {
    kind: 'busy',
    how: 'a script that does not end',
    url: async () => {
      const victim = await createOperatorClient({ url: server.url, deadlineMs: 60_000 })
      await server.admin.send('CONFIG', 'SET', 'busy-reply-threshold', '1')
      const script = victim.send(...busy(60_000)).catch(() => {})
      undo.push(async () => {
        await server.admin.send('SCRIPT', 'KILL')
        await script
        victim.close()
      })
      await until('BUSY', () =>
        server.admin.send('GET', 'k').then(
          () => false,
          (error: Error) => error.message.includes('BUSY'),
        ),
      )
      return server.url
    },
    redis: 'half',
    says: /^busy: .*BUSY Redis is busy running a script/,
    feels: /no errors; each cache call falls back within 100 ms[^]*Supabase gets every read/,
  },
  {
    kind: 'masterdown',
    how: 'a replica that lost its primary',
    url: () =>
      meanwhile(
        [
          ['CONFIG', 'SET', 'replica-serve-stale-data', 'no'],
          ['REPLICAOF', '127.0.0.1', '1'],
        ],
        [
          ['REPLICAOF', 'NO', 'ONE'],
          ['CONFIG', 'SET', 'replica-serve-stale-data', 'yes'],
        ],
      ),
    redis: 'half',
    says: /^masterdown: .*MASTERDOWN Link with MASTER is down/,
    client: { library: 'ioredis@6', options: {} },
    feels: REFUSED,
  },
  {
    kind: 'misconf',
    how: 'a server that cannot save',
    url: cannotSave,
    redis: 'half',
    says: /^misconf: It serves reads, and refuses writes and PING: MISCONF/,
    feels: KEEPS_OLD,
  },
  {
    kind: 'full of clients',
    how: 'maxclients',
    url: () => meanwhile([['CONFIG', 'SET', 'maxclients', '1']], [['CONFIG', 'SET', 'maxclients', '10000']]),
    redis: 'half',
    says: /^full of clients: .*max number of clients reached/,
    feels: /a process that is connected notices nothing.* without Redis\.\nIts limits: none is declared/,
  },
  {
    kind: 'readonly',
    how: 'a replica',
    url: () => meanwhile([['REPLICAOF', '127.0.0.1', '1']], [['REPLICAOF', 'NO', 'ONE']]),
    redis: 'half',
    says: /^PONG 3 of 3/,
    feels: KEEPS_OLD,
  },
  {
    kind: 'oom',
    how: 'a full server that may not evict',
    url: () => meanwhile([['CONFIG', 'SET', 'maxmemory', '1']], [['CONFIG', 'SET', 'maxmemory', '0']]),
    redis: 'half',
    says: /^PONG 3 of 3/,
    feels: /reads still hit until the TTLs end; nothing new is stored/,
  },
  {
    kind: 'no redis',
    how: 'HTTP',
    url: async () =>
      `redis://127.0.0.1:${await listening(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))}`,
    redis: 'away',
    says: /^no redis: What answers on .* does not speak the Redis protocol/,
    feels: /falls back/,
  },
  {
    kind: 'no redis',
    how: 'what says OK to whatever it is asked',
    url: async () => {
      const words = createTcpServer((socket) =>
        socket.on('data', (chunk) => {
          for (const _ of chunk.toString().match(/\*\d+\r\n/g) ?? []) socket.write('+OK\r\n')
        }),
      )
      return `redis://127.0.0.1:${await listening(words)}`
    },
    redis: 'away',
    says: /^no redis: .* does not say PONG to PING/,
    feels: /falls back/,
  },
  {
    kind: 'other',
    how: 'one error for each packet, however many commands are in it',
    timeoutMs: 1500,
    url: async () => `redis://127.0.0.1:${await parrot('-ERR no\u001b[2J upstream\r\n')}`,
    redis: 'away',
    says: /^other: It does not let a client in, and says: ERR no/,
    feels: /falls back/,
  },
  {
    kind: 'loading',
    how: 'a proxy that says LOADING once for each packet',
    timeoutMs: 1500,
    url: async () =>
      `redis://127.0.0.1:${await parrot('-LOADING Redis is loading the dataset in memory\r\n')}`,
    redis: 'half',
    says: /^loading: It does not let a client in, and says: LOADING/,
    feels: /falls back within 100 ms/,
  },
  {
    kind: 'no redis',
    how: 'something that waits for a whole line, and answers it in its own words',
    timeoutMs: 1500,
    url: async () => `redis://127.0.0.1:${await listening(linesOnly())}`,
    redis: 'away',
    says: /^no redis: It speaks something else: 500 unknown command/,
    feels: /falls back/,
  },
]

test.each(ROWS)('$kind: $how', async ({ kind, url, redis, says, feels, client, timeoutMs = 6000 }) => {
  const report = await doctor(
    { REDIS_URL: await url() },
    { only: ['CON-001', 'REP-001', 'MEM-001'], timeoutMs, ...(client && { client }) },
  )
  expect(check(report, 'CON-001').message).toMatch(says)
  expect(report.impact).toMatchObject({ redis, kind })
  expect(report.impact.headline.startsWith(redis === 'half' ? 'Redis is half dead' : 'Redis is away')).toBe(
    true,
  )
  expect(report.impact.effects.join('\n')).toMatch(feels)
  expect(JSON.stringify(report)).not.toContain('canary')
})

const END = 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\n\r\noops'
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
    async () => `https://127.0.0.1:${await tlsServer('expired.pem')}`,
    /^tls: the certificate has expired/,
  ],
  ['cut', 'what closes', rest('http', (socket) => socket.end()), /^cut: /],
  ['no redis', 'no HTTP', rest('http', (socket) => socket.end('-ERR what\r\n')), /^no redis: .* is no HTTP/],
  [
    'other',
    'another service',
    rest('http', (socket) => socket.end(END)),
    /^other: .* answered 502, and no PONG/,
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

describe('a server that answers all the same', () => {
  test('a user that may read and not PING: a warning, and the other checks look', async () => {
    const url = await meanwhile(
      [['ACL', 'SETUSER', 'app', 'on', '>pw-canary', '~copilot:*', '+get', '+info', '+client', '+hello']],
      [['ACL', 'DELUSER', 'app']],
    )
    const report = await doctor(
      { REDIS_URL: url.replace('//', '//app:pw-canary@') },
      { only: ['CON-001', 'REP-001', 'LAT-001'] },
    )
    expect(check(report, 'CON-001')).toMatchObject({
      status: 'warn',
      value: 0,
      message: expect.stringMatching(/^no ping: It lets this user in and read/) as string,
    })
    expect(check(report, 'REP-001').status).toBe('ok')
    expect(check(report, 'LAT-001')).toMatchObject({
      status: 'skip',
      remediation: { text: expect.stringContaining('+ping') as string },
    })
    expect(report.impact.redis).toBe('up')
  })

  test('one that cannot save is looked at as any other', async () => {
    const report = await doctor(
      { REDIS_URL: await cannotSave() },
      { only: ['CON-001', 'PER-001', 'LAT-001'] },
    )
    expect(check(report, 'CON-001').status).toBe('FAIL')
    expect(check(report, 'PER-001').status).toBe('FAIL')
    expect(check(report, 'LAT-001').message).toMatch(/PINGs/)
  })
})

test('a certificate for another host, which only a process that trusts it can tell', async () => {
  const port = await tlsServer('localhost.pem')
  const { stdout, code } = await cache(['doctor', '--check', 'CON-001,SEC-001', '--json'], {
    env: {
      REDIS_URL: `rediss://127.0.0.2:${port}`,
      NODE_EXTRA_CA_CERTS: resolve('test/ops/doctor/fixtures/localhost.pem'),
    },
    cwd: tmpdir(),
  })
  const [found, encrypted] = (JSON.parse(stdout) as DoctorReport).checks
  expect(found).toMatchObject({
    status: 'FAIL',
    message: 'tls: The certificate is for another host.',
    remediation: { text: expect.stringContaining('Name the server in REDIS_URL') as string },
  })
  // Two findings of one cause name one way out.
  expect(encrypted).toMatchObject({ id: 'SEC-001', remediation: found!.remediation })
  expect(code).toBe(1)
})

/** What stops is a snapshot: what it is to replace is a directory, which no file can replace. */
async function startUnsaving(): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'cache-cannot-save-'))
  const extraArgs = ['--save', '3600 1', '--dir', directory]
  const unsaving = await startRedisServer({ watchdog: server.sandbox.watchdog, extraArgs })
  mkdirSync(join(directory, 'dump.rdb'))
  atTheEnd.push(async () => {
    rmdirSync(join(directory, 'dump.rdb'))
    await unsaving.stop()
    rmSync(directory, { recursive: true })
  })
  const client = await createOperatorClient({ url: unsaving.url })
  await client.send('BGSAVE')
  await until('the snapshot has failed', async () =>
    /rdb_last_bgsave_status:err/.test(String(await client.send('INFO', 'persistence'))),
  )
  client.close()
  return unsaving
}

async function fullQueue(): Promise<string> {
  const hanging = await startRedisServer({
    watchdog: server.sandbox.watchdog,
    extraArgs: ['--tcp-backlog', '1'],
  })
  const waiting: Socket[] = []
  undo.push(async () => {
    waiting.forEach((socket) => socket.destroy())
    await hanging.stop()
  })
  hanging.freeze()
  for (let full = false; !full;) {
    const socket = connect(hanging.port, hanging.host).on('error', () => {})
    waiting.push(socket)
    full = await new Promise((done) => {
      socket.once('connect', () => done(false))
      setTimeout(() => done(true), 200)
    })
  }
  return hanging.url
}

/** A protocol of lines, as SMTP is one; RESP has some, which it takes for a beginning. */
function linesOnly(): Server {
  return createTcpServer((socket) => {
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk.toString()
      if (/^[A-Z]+\r\n$/.test(said)) socket.write('500 unknown command\r\n')
    })
  })
}
