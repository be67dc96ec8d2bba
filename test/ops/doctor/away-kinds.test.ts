import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createOperatorClient, type Command } from '../../../src/library/backends/operator.js'
import type { DeclaredClient } from '../../../src/ops/doctor/judged-client.js'
import type { DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { until } from '../../support/clients.js'
import { cache } from '../../support/cache.js'
import { loadingServer } from '../faults/resp/real-states.js'
import { startFullQueue, linesOnly, startUnsaving, type AwayServer } from './away-servers.js'
import { busy } from './commands.js'
import { ownListeners } from './listeners.js'
import { ownServer } from './own-server.js'
import { check, doctor } from './run.js'

const server = ownServer()
const { listening, tls, parrot } = ownListeners()
const undo: (() => unknown)[] = []
let unsaving: Promise<AwayServer> | undefined
const cannotSave = async () => (await (unsaving ??= startUnsaving(server.sandbox))).url

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})
afterAll(async () => {
  await (await unsaving)?.stop()
})

/** Until the test is over. */
async function meanwhile(enter: readonly Command[], leave: readonly Command[]): Promise<string> {
  undo.push(async () => {
    for (const command of leave) await server.admin.send(...command)
  })
  for (const command of enter) await server.admin.send(...command)
  return server.url
}

/** How Redis 7.0.15 begins. */
const DENIED =
  '-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. ' +
  'In this mode connections are only accepted from the loopback interface.\r\n'

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
    url: async () => {
      const { url, stop } = await startFullQueue(server.sandbox)
      undo.push(stop)
      return url
    },
    redis: 'away',
    says: /^unreachable: Nobody answers to a new connection: .*queue of connections is full/,
    feels: /falls back within 100 ms/,
  },
  {
    kind: 'tls',
    how: 'a certificate that has expired',
    url: async () => `rediss://127.0.0.1:${await tls('expired.pem')}`,
    redis: 'away',
    says: /^tls: The certificate has expired/,
    feels: /falls back/,
  },
  {
    kind: 'tls',
    how: 'a certificate that nobody trusts',
    url: async () => `rediss://127.0.0.1:${await tls('localhost.pem')}`,
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
    url: async () => `redis://127.0.0.1:${await tls('localhost.pem')}`,
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
    kind: 'cut',
    how: 'protected mode, which only shows to another machine',
    url: async () => `redis://127.0.0.1:${await listening(createTcpServer((socket) => socket.end(DENIED)))}`,
    redis: 'away',
    says: /^cut: It is in protected mode: .* \(DENIED\)\.$/,
    feels: /falls back within 100 ms/,
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
  const port = await tls('localhost.pem')
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
