import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import type { BackendResolution } from '../../../src/library/backends/resolve.js'
import { isProbe } from '../../../src/ops/doctor/check.js'
import { checks } from '../../../src/ops/doctor/checks/index.js'
import { missingPrivileges, unionOf } from '../../../src/ops/doctor/privileges.js'
import type { CheckReport, DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { cache } from '../../support/cache.js'
import { doctor } from './run.js'

const LARGE = `
  redis.call('SET', 'a', string.rep('x', 20000))
  for i = 1, 200 do
    redis.call('HSET', 'b', i, 'xxxxxx')
    redis.call('RPUSH', 'c', 'xxxxxx' .. i)
    redis.call('SADD', 'd', 'xxxxxx' .. i)
    redis.call('ZADD', 'e', i, 'xxxxxx' .. i)
    redis.call('XADD', 'f', '*', 'xxxxxx', i)
  end
`

let sandbox: Sandbox
let admin: OperatorClient

beforeAll(async () => {
  sandbox = await startSandbox()
  admin = await createOperatorClient({ url: sandbox.redis.url, deadlineMs: 10_000 })
  await admin.send('SET', 'copilot:conv:1', '{}', 'EX', 60)
  await admin.send('SET', 'of-another-application', '1')
  // Every question is asked that may be asked: of large keys their length, under LFU how often they are used.
  await admin.send('CONFIG', 'SET', 'maxmemory', '1gb', 'maxmemory-policy', 'allkeys-lfu')
  await admin.send('EVAL', LARGE, 0)
})
afterAll(async () => {
  admin.close()
  await sandbox.stop()
})

/** Times differ from run to run. */
const run = (as = ''): Promise<DoctorReport> =>
  doctor(
    { REDIS_URL: sandbox.redis.url.replace('//', `//${as}`) },
    { skip: ['LAT-001', 'LAT-002', 'SLO-001'] },
  )

const statuses = ({ checks }: DoctorReport, except: RegExp) =>
  checks.filter(({ id }) => !except.test(id)).map(({ id, status }) => `${id} ${status}`)

async function allow(command: string): Promise<void> {
  // Parentheses hold one argument.
  const words = command.match(/\([^)]*\)|\S+/g) as [string, ...string[]]
  expect(words.slice(0, 2)).toEqual(['ACL', 'SETUSER'])
  await admin.send(...words)
}

test('rights of several checks are one string, without repetition', () => {
  expect(unionOf(['+info', '+time +info', '+scan (%R~* +pttl)', '(%R~* +type +pttl) (~a:* +get)'])).toBe(
    '+info +scan +time (%R~* +pttl +type) (~a:* +get)',
  )
})

test.each([
  ['redis://h', 'default'],
  ['redis://:p@h', 'default'],
  ['redis://app:p@h', 'app'],
  // May be the password; and names that would say more than a name where they are pasted.
  ['redis://app@h', null],
  ['redis://app%20%2B@all:p@h', null],
  ['redis://a%zz:p@h', null],
])('%s is the user %s', (url, user) => {
  const refused = { id: 'MEM-001', missing: '+info' } as CheckReport
  const backend = { backend: 'redis', url } as const
  expect(missingPrivileges([refused], { backend } as BackendResolution)).toEqual({
    user,
    checks: ['MEM-001'],
    command: `ACL SETUSER ${user ?? 'USER'} +info`,
  })
})

test('a user who may not look is told once what it takes; with that nothing is refused any more', async () => {
  await allow('ACL SETUSER looker on >pw-canary -@all +ping')
  const refused = await run('looker:pw-canary@')
  const { privileges } = refused
  expect(privileges).toMatchObject({ user: 'looker', command: /^ACL SETUSER looker \+acl\|/ as never })
  const skipped = refused.checks.filter(({ message }) => /NOPERM|no permissions/i.test(message))
  expect(skipped.length).toBeGreaterThan(30)
  expect(skipped.map(({ id }) => id)).toEqual(privileges!.checks)
  expect(JSON.stringify(refused)).not.toContain('canary')

  await allow(privileges!.command)
  const [allowed, everything] = [await run('looker:pw-canary@'), await run()]
  expect(allowed.privileges).toBeNull()
  // What those judge is the user.
  const ofTheUser = /^SEC-00[24]/
  expect(statuses(allowed, ofTheUser)).toEqual(statuses(everything, ofTheUser))
})

test('the user that the manual advises has these rights, and may not write, change a setting or read a value', async () => {
  const [advised] = /^ACL SETUSER doctor .*$/m.exec(readFileSync('docs/doctor.md', 'utf8')) ?? []
  const needed = checks.flatMap((check) => ('privileges' in check && !isProbe(check) ? check.privileges : []))
  expect(advised).toBe(`ACL SETUSER doctor on >PASSWORD -@all ${unionOf(needed)}`)
  await allow(advised!)
  expect((await run('doctor:PASSWORD@')).privileges).toBeNull()
  const may = async (...command: Command) =>
    (await admin.send('ACL', 'DRYRUN', 'doctor', ...command).catch(() => 'refused')) === 'OK'
  expect(await may('INFO')).toBe(true)
  expect(await may('PTTL', 'of-another-application')).toBe(true)
  const harmful: Command[] = [
    ['SET', 'a', '1'],
    ['GET', 'copilot:conv:1'],
    ['DUMP', 'copilot:conv:1'],
    ['DEL', 'a'],
    ['EXPIRE', 'a', 1],
    ['EVAL', 'return 1', 0],
    ['FLUSHALL'],
    ['CONFIG', 'SET', 'maxmemory', '1'],
    ['CONFIG', 'RESETSTAT'],
    ['SLOWLOG', 'RESET'],
    ['LATENCY', 'RESET'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['ACL', 'SETUSER', 'doctor', '+@all'],
    ['ACL', 'LIST'],
    ['SCRIPT', 'FLUSH'],
    ['MONITOR'],
    ['KEYS', '*'],
  ]
  for (const command of harmful) expect([command, await may(...command)]).toEqual([command, false])
  const writing = new Set((await admin.send('ACL', 'CAT', 'write')) as string[])
  const commands = [...advised!.matchAll(/\+([\w|]+)/g)].map(([, name]) => name!)
  expect(commands.length).toBeGreaterThan(8)
  expect(commands.filter((name) => writing.has(name))).toEqual([])
})

test('what cannot be judged for want of half of it, too', async () => {
  await allow('ACL SETUSER half on >pw-canary +@all -config')
  const REDIS_URL = sandbox.redis.url.replace('//', '//half:pw-canary@')
  const report = await doctor({ REDIS_URL }, { only: ['SLO-001', 'LAT-004', 'CLI-004'] })
  expect(report.privileges?.checks).toEqual(['LAT-004', 'SLO-001'])
  expect(report.checks.find(({ id }) => id === 'CLI-004')?.status).toBe('ok')
})

test('a command that the server does not have is no want of a right', async () => {
  const extraArgs = ['CONFIG', 'EVAL'].flatMap((name) => ['--rename-command', name, ''])
  const server = await startRedisServer({ watchdog: sandbox.watchdog, extraArgs })
  const [report, limiter] = await Promise.all([
    doctor({ REDIS_URL: server.url }, { only: ['SEC-003', 'SEC-005'] }),
    doctor({ REDIS_URL: server.url }, { only: ['LIM-001'], probeWrites: true }),
  ])
  await server.stop()
  expect(report.privileges).toBeNull()
  for (const { status, missing, message, remediation } of report.checks) {
    expect({ status, missing, remediation }).toEqual({
      status: 'skip',
      missing: null,
      remediation: { text: '', commands: [] },
    })
    expect(message).toMatch(/^the server does not have what it takes: .*unknown command/)
  }
  expect(limiter.checks[0]).toMatchObject({
    status: 'FAIL',
    remediation: { text: /^See that it has EVAL/ as never },
  })
})

test('text, Markdown and annotations tell it once, and the text at its end', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cache-privileges-'))
  await allow('ACL SETUSER reader on >pw-canary -@all +ping')
  const REDIS_URL = sandbox.redis.url.replace('//', '//reader:pw-canary@')
  const formats = ['json', 'markdown', 'github']
  const outputs = formats.flatMap((format) => ['--output', `${format}=${join(directory, format)}`])
  const { stdout } = await cache(['doctor', '--only', 'MEM-001,CLI-001,KEY-001', ...outputs], {
    env: { REDIS_URL },
    cwd: directory,
  })
  const [json, markdown, github] = formats.map((format) => readFileSync(join(directory, format), 'utf8'))
  rmSync(directory, { recursive: true })
  const command = 'ACL SETUSER reader +config|get +info +scan (%R~* +pttl)'
  expect((JSON.parse(json!) as DoctorReport).privileges).toEqual({
    user: 'reader',
    checks: ['CLI-001', 'MEM-001', 'KEY-001'],
    command,
  })
  for (const text of [stdout, markdown!, github!]) expect(text.split(command)).toHaveLength(2)
  expect(stdout).toMatch(/^allow {4}3 checks need more[^]*\n {9}ACL SETUSER reader .*\n\nbroken .*\nnext /m)
  expect(stdout).not.toContain('fix:')
})
