import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Command } from '../../../src/library/backends/operator.js'
import type { CheckStatus, DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { conclusionOf } from '../../../src/ops/report/doctor-conclusion.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { cache } from '../../support/cache.js'
import { ownServer } from './own-server.js'
import { check, doctor } from './run.js'

const server = ownServer()
beforeEach(async () => {
  const usual: Command[] = [
    ['CONFIG', 'SET', 'protected-mode', 'yes'],
    ['CONFIG', 'SET', 'bind', '127.0.0.1'],
    ['ACL', 'SETUSER', 'default', 'nopass'],
    ['ACL', 'DELUSER', 'app'],
    ['FLUSHALL'],
  ]
  for (const command of usual) await server.admin.send(...command)
})
afterEach(() => void vi.useRealTimers())

describe('who gets in', () => {
  const EVERYWHERE: Command[] = [
    ['CONFIG', 'SET', 'bind', '* -::*'],
    ['CONFIG', 'SET', 'protected-mode', 'no'],
  ]
  const PASSWORD: Command = ['ACL', 'SETUSER', 'default', 'resetpass', '>pw-canary']
  const APP: Command = ['ACL', 'SETUSER', 'app', 'on', '>pw-canary', '~*', '+@all']

  interface Row {
    state: string
    given: Command[]
    as?: string
    expected: Record<string, CheckStatus>
    says: RegExp
  }

  test.each<Row>([
    {
      state: 'on this machine alone',
      given: [],
      expected: { 'SEC-001': 'ok', 'SEC-002': 'ok', 'SEC-003': 'ok', 'SEC-004': 'ok', 'SEC-005': 'ok' },
      says: /no password, but it listens on this machine alone/,
    },
    {
      state: 'open to everybody',
      given: EVERYWHERE,
      expected: { 'SEC-002': 'FAIL', 'SEC-003': 'FAIL', 'SEC-004': 'FAIL' },
      says: /no password is needed, and it listens on every address/,
    },
    {
      state: 'everywhere in protected mode',
      given: [EVERYWHERE[0]!],
      expected: { 'SEC-002': 'ok', 'SEC-003': 'ok', 'SEC-004': 'ok' },
      says: /protected mode lets only this machine in[^]*FLUSHALL, .* may be run, but from this machine alone/,
    },
    {
      state: 'everywhere in protected mode, which a password takes back',
      given: [EVERYWHERE[0]!, PASSWORD],
      as: ':pw-canary@',
      expected: { 'SEC-002': 'warn', 'SEC-003': 'warn', 'SEC-004': 'FAIL' },
      says: /protected mode does nothing where there is a password/,
    },
    {
      state: 'everywhere, the default user with a password',
      given: [...EVERYWHERE, PASSWORD],
      as: ':pw-canary@',
      expected: { 'SEC-002': 'warn', 'SEC-003': 'warn', 'SEC-004': 'FAIL' },
      says: /its password is the only lock/,
    },
    {
      state: 'a user of its own without what is dangerous',
      given: [
        ...EVERYWHERE,
        PASSWORD,
        APP,
        ['ACL', 'SETUSER', 'app', '-@dangerous', '+acl|whoami', '+acl|getuser', '+acl|dryrun', '+config|get'],
      ],
      as: 'app:pw-canary@',
      expected: { 'SEC-002': 'ok', 'SEC-003': 'warn', 'SEC-004': 'ok' },
      says: /a user of its own, with a password/,
    },
    {
      state: 'some of what is dangerous',
      given: [...EVERYWHERE, PASSWORD, APP, ['ACL', 'SETUSER', 'app', '-flushall', '-config|set']],
      as: 'app:pw-canary@',
      expected: { 'SEC-004': 'warn' },
      says: /may run KEYS, DEBUG, SHUTDOWN, REPLICAOF:/,
    },
    {
      state: 'a user who may not look',
      given: [PASSWORD, APP, ['ACL', 'SETUSER', 'app', '-@all', '+ping', '+client', '+hello', '+get']],
      as: 'app:pw-canary@',
      expected: {
        'SEC-002': 'skip',
        'SEC-003': 'skip',
        'SEC-004': 'skip',
        'SEC-005': 'skip',
        'CLK-001': 'skip',
      },
      says: /does not let this user look/,
    },
  ])('$state', async ({ given, as = '', expected, says }) => {
    for (const command of given) await server.admin.send(...command)
    const ids = Object.keys(expected)
    const report = await doctor({ REDIS_URL: server.url.replace('//', `//${as}`) }, { only: ids })
    expect(Object.fromEntries(ids.map((id) => [id, check(report, id).status]))).toEqual(expected)
    expect(report.checks.map(({ message }) => message).join('\n')).toMatch(says)
    expect(JSON.stringify(report)).not.toContain('canary')
    // Nothing of what was asked about was done.
    expect(await server.admin.send('PING')).toBe('PONG')
  })
})

test('the user that is advised is enough for the cache, the limiter and doctor itself', async () => {
  await server.admin.send('CONFIG', 'SET', 'bind', '* -::*')
  await server.admin.send('CONFIG', 'SET', 'protected-mode', 'no')
  const advising = await doctor({ REDIS_URL: server.url }, { only: ['SEC-004'] })
  const { remediation } = check(advising, 'SEC-004')
  // It works, and is not safe: two things.
  expect(conclusionOf(advising).sentence).toBe('works, with failures')
  const [, words] = remediation.commands[0]!.split(/ (?=ACL SETUSER)/)
  await server.admin.send(...(words!.replaceAll("'", '').split(' ') as [string, ...string[]]))
  const ids = ['CON-001', 'REP-001', 'WRI-001', 'WRI-002', 'LIM-001', 'CLK-001', 'SEC-004']
  const REDIS_URL = server.url.replace('//', '//cache:PASSWORD@')
  const report = await doctor({ REDIS_URL }, { only: ids, probeWrites: true })
  await server.admin.send('ACL', 'DELUSER', 'cache')
  // Whether it may do harm is not its own to ask.
  const expected = ids.map((id) => [id, id === 'SEC-004' ? 'skip' : 'ok'])
  expect(ids.map((id) => [id, check(report, id).status])).toEqual(expected)
})

test('DEBUG for those on the machine is a warning, for everybody a failure', async () => {
  const servers: RedisServer[] = []
  try {
    const statusWith = async (setting: string) => {
      const { watchdog } = server.sandbox
      const extraArgs = ['--enable-debug-command', setting]
      const debugging = await startRedisServer({ watchdog, extraArgs })
      servers.push(debugging)
      return check(await doctor({ REDIS_URL: debugging.url }, { only: ['SEC-005'] }), 'SEC-005').status
    }
    expect(await Promise.all([statusWith('local'), statusWith('yes')])).toEqual(['warn', 'FAIL'])
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
})

describe('the clock', () => {
  test.each([
    [0, 'ok', /no difference|this machine, /],
    [2000, 'warn', /behind this machine, 3\.\d % of a window of 1 min 0 s \(the default\)/],
    [-5000, 'warn', /ahead of this machine, 8\.\d %/],
    [20_000, 'FAIL', /behind this machine, 3\d %/],
  ])('this machine is %d ms off: %s', async (off, status, says) => {
    expect(await judged(off)).toMatchObject({ status, message: expect.stringMatching(says) as string })
  })

  test('the smallest window of the declared limiters decides', async () => {
    const limiters = { usual: { windowMs: 60_000 }, burst: { windowMs: 2000 }, slow: { windowMs: 3_600_000 } }
    const found = await judged(600, { limiters })
    expect(found).toMatchObject({
      status: 'FAIL',
      message: expect.stringMatching(/\d\d % of a window of 2\.0 s \(burst\)/) as string,
    })
  })

  async function judged(off: number, options: Parameters<typeof doctor>[1] = {}) {
    const { now } = Date
    vi.spyOn(Date, 'now').mockImplementation(() => now() + off)
    const report = await doctor({ REDIS_URL: server.url }, { only: ['CLK-001'], ...options })
    vi.restoreAllMocks()
    return check(report, 'CLK-001')
  }
})

test('KEY-006: keys that end together are a warning, spread ones are not, and few are not judged', async () => {
  const judged = async () => {
    const report = await doctor({ REDIS_URL: server.url }, { only: ['KEY-006'] })
    return check(report, 'KEY-006')
  }
  expect((await judged()).status).toBe('skip')
  const write = (seconds: (index: number) => number) =>
    server.admin.pipeline(
      Array.from({ length: 120 }, (_, index): Command => [
        'SET',
        `copilot:conv:${index}`,
        '{}',
        'EX',
        seconds(index),
      ]),
    )
  await write((index) => 60 + 2 * index)
  expect(await judged()).toMatchObject({ status: 'ok', value: expect.closeTo(0.833, 3) as number })
  await write((index) => (index < 40 ? 30 : 60 + 2 * index))
  expect(await judged()).toMatchObject({
    status: 'warn',
    message: expect.stringMatching(/^40 of 120 \(33 %\)/) as string,
  })
})

describe('the way to Redis', () => {
  const pem = (name: string) => readFileSync(`test/ops/doctor/fixtures/${name}`)
  const trusted = { NODE_EXTRA_CA_CERTS: resolve('test/ops/doctor/fixtures/localhost.pem') }
  let server: Server
  let tls: string

  beforeAll(async () => {
    server = createServer({ key: pem('localhost-key.pem'), cert: pem('localhost.pem') }, (socket) =>
      socket.on('error', () => {}),
    )
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    tls = `rediss://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())

  const judged = async (environment: Record<string, string>) =>
    check(await doctor(environment, { only: ['SEC-001'] }), 'SEC-001')

  test.each([
    ['redis://203.0.113.7', 'FAIL', /the address is public/],
    ['redis://[2001:db8::1]', 'FAIL', /the address is public/],
    ['redis://10.1.2.3', 'ok', /the address is private/],
    ['redis://[fd00::1]', 'ok', /the address is private/],
    ['redis://localhost', 'ok', /on this machine/],
    ['redis://no-such-host.invalid', 'skip', /is not known/],
    ['rediss://127.0.0.1:1', 'skip', /no certificate was seen/],
  ])('%s: %s', async (address, status, says) => {
    const found = await judged({ REDIS_URL: address })
    expect(found).toMatchObject({ status, message: expect.stringMatching(says) as string })
  })

  test('Upstash without TLS is a failure', async () => {
    const upstash = { UPSTASH_REDIS_REST_URL: 'http://203.0.113.7', UPSTASH_REDIS_REST_TOKEN: 't' }
    expect((await judged(upstash)).status).toBe('FAIL')
  })

  test('a certificate that is not trusted is a warning, and an expired one a failure', async () => {
    expect(await judged({ REDIS_URL: tls })).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('not trusted here (DEPTH_ZERO_SELF_SIGNED_CERT)') as string,
    })
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.parse(new X509Certificate(pem('localhost.pem')).validTo) + 1000)
    expect((await judged({ REDIS_URL: tls })).status).toBe('FAIL')
  })

  test('one that is trusted is ok, and a warning when it ends soon', async () => {
    const strict = mkdtempSync(join(tmpdir(), 'cache-certificate-'))
    const thresholds = { 'SEC-001': { warn: 1e6 } }
    writeFileSync(join(strict, 'cache.config.json'), JSON.stringify({ doctor: { thresholds } }))
    const env = { ...trusted, REDIS_URL: tls }
    const runs = await Promise.all(
      [tmpdir(), strict].map((cwd) => cache(['doctor', '--check', 'SEC-001', '--json'], { env, cwd })),
    )
    rmSync(strict, { recursive: true })
    const found = runs.map(({ stdout }) => (JSON.parse(stdout) as DoctorReport).checks[0]!)
    expect(found.map(({ status }) => status)).toEqual(['ok', 'warn'])
    for (const { message } of found) expect(message).toMatch(/^TLS, with a certificate until \d{4}-/)
  })
})
