import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import { memoryLimitCheck } from '../../../src/ops/doctor/checks/memory-limit.js'
import { roundTripCheck } from '../../../src/ops/doctor/checks/round-trip.js'
import { parseInfo } from '../../../src/ops/doctor/info.js'
import type { World } from '../../../src/ops/doctor/world.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { conclusionOf } from '../../../src/ops/report/doctor-conclusion.js'
import { nextCommands } from '../../../src/ops/report/doctor-next.js'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { until } from '../../support/clients.js'
import { check, doctor } from './run.js'

let sandbox: Sandbox
let primary: Sandbox
let admin: OperatorClient
let url: string

beforeAll(async () => {
  ;[sandbox, primary] = await Promise.all([startSandbox(), startSandbox()])
  url = sandbox.redis.url
  admin = await createOperatorClient({ url, deadlineMs: 10_000 })
})
afterAll(async () => {
  admin.close()
  await Promise.all([sandbox.stop(), primary.stop()])
})
beforeEach(async () => {
  await send([
    ['REPLICAOF', 'NO', 'ONE'],
    ['CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction'],
    ['FLUSHALL'],
  ])
})

async function send(commands: readonly Command[]): Promise<void> {
  for (const command of commands) await admin.send(...command)
}

const FULL: Command[] = [
  ['SET', 'ballast', 'x'.repeat(100_000)],
  ['CONFIG', 'SET', 'maxmemory', '1'],
]
const EVICTING: Command[] = [['CONFIG', 'SET', 'maxmemory', '1gb', 'maxmemory-policy', 'allkeys-lru']]

interface Row {
  state: string
  given: Command[]
  expected: Partial<Record<string, CheckStatus>>
  says?: RegExp
}

describe('a server driven into a state', () => {
  test.each<Row>([
    {
      state: 'healthy',
      given: EVICTING,
      expected: {
        'CON-001': 'ok',
        'REP-001': 'ok',
        'WRI-001': 'ok',
        'WRI-002': 'ok',
        'LIM-001': 'ok',
        'MEM-001': 'ok',
        'MEM-002': 'ok',
        'MEM-003': 'ok',
        'KEY-001': 'skip',
        'KEY-008': 'skip',
      },
    },
    {
      state: 'without a limit',
      given: [],
      expected: { 'MEM-001': 'skip', 'MEM-002': 'skip', 'MEM-003': 'warn' },
    },
    {
      state: 'full, and it may not evict',
      given: FULL,
      expected: {
        'CON-001': 'ok',
        'MEM-001': 'FAIL',
        'MEM-002': 'FAIL',
        'WRI-001': 'FAIL',
        'WRI-002': 'FAIL',
        'LIM-001': 'FAIL',
      },
      says: /PONG, but SET is refused: the server is full \(OOM\)/,
    },
    {
      state: 'evicting at random',
      given: [['CONFIG', 'SET', 'maxmemory', '1gb', 'maxmemory-policy', 'allkeys-random']],
      expected: { 'MEM-002': 'warn', 'MEM-001': 'ok' },
    },
    {
      state: 'volatile-lru with keys that never expire',
      given: [
        ['CONFIG', 'SET', 'maxmemory', '1gb', 'maxmemory-policy', 'volatile-lru'],
        ['SET', 'a', 'b'],
      ],
      expected: { 'MEM-002': 'warn' },
      says: /never evicts the 100 % of the keys/,
    },
    {
      state: 'volatile-lru and every key expires',
      given: [
        ['CONFIG', 'SET', 'maxmemory', '1gb', 'maxmemory-policy', 'volatile-lru'],
        ['SET', 'a', 'b', 'EX', 60],
      ],
      expected: { 'MEM-002': 'ok' },
    },
    {
      state: 'keys as declared',
      given: [
        ['SET', 'copilot:conv:1', '{}', 'EX', 60],
        ['SET', 'other:2', 'x'],
      ],
      expected: { 'KEY-001': 'ok', 'KEY-008': 'ok' },
      says: /1 of 1; every key looked at \(2\)/,
    },
    {
      state: 'a key without a TTL, and one that lives too long',
      given: [
        ['SET', 'copilot:conv:secret-id', '{}'],
        ['SET', 'copilot:llm:policy:t', '{}', 'EX', 86_400],
      ],
      expected: { 'KEY-001': 'FAIL', 'KEY-008': 'FAIL' },
      says: /1 of 2 \(50 %\) have no TTL: conv 1;/,
    },
  ])('$state', async ({ given, expected, says }) => {
    await send(given)
    const report = await doctor({ REDIS_URL: url }, { probeWrites: true })
    const found = Object.keys(expected).map((id) => [id, check(report, id).status])
    expect(Object.fromEntries(found)).toEqual(expected)
    if (says) expect(report.checks.map(({ message }) => message).join('\n')).toMatch(says)
    expect(JSON.stringify(report)).not.toContain('secret-id')
  })

  test('1 key in 31 without a TTL, or with one that is too long, warns; a threshold of the project makes it fail', async () => {
    const keys = Array.from({ length: 29 }, (_, index): Command => [
      'SET',
      `copilot:conv:${index}`,
      '{}',
      'EX',
      60,
    ])
    await send([
      ...keys,
      ['SET', 'copilot:conv:lasting', '{}'],
      ['SET', 'copilot:conv:long', '{}', 'EX', 86_400],
    ])
    const [usual, strict] = await Promise.all([
      doctor({ REDIS_URL: url }),
      doctor({ REDIS_URL: url }, { thresholds: { 'KEY-001': { fail: 1 } } }),
    ])
    expect([check(usual, 'KEY-001').status, check(strict, 'KEY-001').status]).toEqual(['warn', 'FAIL'])
    expect(check(usual, 'KEY-008').status).toBe('warn')
    expect(check(strict, 'KEY-001').threshold).toMatchObject({
      fail: 1,
      source: /^the project file/ as never,
    })
  })

  test.each<[string, CheckStatus, thresholds: { warn: number; fail?: number }, given: Command[]]>([
    ['MEM-001', 'warn', { warn: 0 }, [['CONFIG', 'SET', 'maxmemory', '1gb']]],
    ['MEM-003', 'FAIL', { warn: 0, fail: 0 }, []],
    ['LIM-001', 'warn', { warn: 0 }, EVICTING],
  ])('%s: %s by a number of the project', async (id, status, thresholds, given) => {
    await send(given)
    const options = { only: [id], thresholds: { [id]: thresholds }, probeWrites: true }
    expect(check(await doctor({ REDIS_URL: url }, options), id).status).toBe(status)
  })

  test('a replica: seen without a write, and proved with one', async () => {
    await send([['REPLICAOF', '127.0.0.1', primary.redis.port]])
    await until('the replica has loaded', async () =>
      /master_link_status:up/.test(String(await admin.send('INFO'))),
    )
    const report = await doctor({ REDIS_URL: url }, { probeWrites: true })
    expect(check(report, 'REP-001').status).toBe('FAIL')
    expect(check(report, 'WRI-001').message).toContain('READONLY')
    expect(check(report, 'LIM-001')).toMatchObject({
      status: 'FAIL',
      message: /6 of 6 requests were not counted, because the server is a replica/ as never,
    })
    expect(report.impact).toMatchObject({ redis: 'half' })
    expect((await doctor({ REDIS_URL: url })).verdict).toBe('fail')
  })
})

test('what only a write can tell is unknown, not ok, unless asked for; and nothing is left behind', async () => {
  await send(EVICTING)
  const before = await admin.send('DBSIZE')
  // On a busy machine LAT-001 is unknown as well, and nobody declared what DB-004 is judged against.
  const report = await doctor({ REDIS_URL: url }, { skip: ['LAT-001', 'LAT-003', 'DB-004'] })
  for (const id of ['WRI-001', 'WRI-002', 'LIM-001']) expect(check(report, id).status).toBe('unknown')
  expect(report.summary.unknown).toBe(3)
  await doctor({ REDIS_URL: url }, { probeWrites: true })
  expect(await admin.send('DBSIZE')).toBe(before)
  await until(
    'our connections are gone',
    async () => !String(await admin.send('CLIENT', 'LIST')).includes('transparent-cache'),
  )
  const clients = String(await admin.send('CLIENT', 'LIST'))
    .trim()
    .split('\n')
  expect(clients).toHaveLength(1)
})

test('a full server is known to refuse writes without a write, and the remedy can be pasted', async () => {
  await send(FULL)
  const report = await doctor({ REDIS_URL: url, REDIS_PASSWORD: 'unused-canary' }, { groups: ['memory'] })
  expect(report.impact.redis).toBe('half')
  // Nothing of connectivity fails, and it does not do its job all the same.
  expect(conclusionOf(report).sentence).toBe('Redis does not do its job now')
  expect(nextCommands(report)).toContain('cache runbook run redis-unavailable')
  expect(check(report, 'MEM-002').remediation.commands).toEqual([
    `REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli -h 127.0.0.1 -p ${sandbox.redis.port} CONFIG SET maxmemory-policy allkeys-lru`,
  ])
})

test('the limit that is proposed is one of this machine, and set after the policy', async () => {
  const [report, info] = await Promise.all([doctor({ REDIS_URL: url }), admin.send('INFO', 'memory')])
  const ram = Number(/^total_system_memory:(\d+)/m.exec(String(info))![1])
  const { text, commands } = check(report, 'MEM-003').remediation
  expect(text).toMatch(/above its peak of [\d.]+ (?:KiB|MiB)/)
  expect(commands.map((command) => command.replace(/^.* CONFIG SET /, ''))).toEqual([
    'maxmemory-policy allkeys-lru',
    `maxmemory ${Math.floor((ram * 0.8) / 1024 ** 2)}mb`,
  ])
  await send([['CONFIG', 'SET', 'maxmemory', commands[1]!.split(' ').at(-1)!]])
})

test('no limit is proposed when the peak is above it already', async () => {
  const info = 'maxmemory:0\r\nused_memory:70\r\nused_memory_peak:90\r\ntotal_system_memory:100'
  const world = { info: () => Promise.resolve(parseInfo(info)) } as World
  const { remediation } = await memoryLimitCheck.run(admin, world, { warn: 0, fail: 75, source: '' })
  expect(remediation?.text).toMatch(/above its peak of/)
  expect(remediation?.commands).toEqual(['redis-cli CONFIG SET maxmemory-policy allkeys-lru'])
})

test('nothing but what was not judged is no pass', async () => {
  expect((await doctor({ REDIS_URL: url }, { only: ['WRI-001'] })).verdict).toBe('inconclusive')
})

test('a user who may not look: skip with the privilege that is missing, never ok', async () => {
  await send([
    ['ACL', 'SETUSER', 'app', 'on', '>pw-canary-1', '~*', '+ping', '+get', '+client', '+hello', '+auth'],
  ])
  const report = await doctor({ REDIS_URL: url.replace('//', '//app:pw-canary-1@') }, { probeWrites: true })
  expect(check(report, 'CON-001').status).toBe('ok')
  for (const id of ['REP-001', 'MEM-001', 'MEM-002', 'MEM-003', 'KEY-001']) {
    expect(check(report, id)).toMatchObject({ status: 'skip' })
  }
  expect(check(report, 'MEM-001').remediation.text).toContain('+info')
  expect(check(report, 'WRI-001')).toMatchObject({ status: 'FAIL', message: /NOPERM/ as never })
  expect(JSON.stringify(report)).not.toContain('pw-canary-1')
  await send([['ACL', 'DELUSER', 'app']])
})

describe('what writes are tried as', () => {
  const tried = async (rights: string) => {
    await send([['ACL', 'SETUSER', 'app', 'reset', 'on', 'nopass', ...rights.split(' ')]])
    const only = ['CON-001', 'WRI-001', 'WRI-002', 'LIM-001']
    const report = await doctor({ REDIS_URL: url.replace('//', '//app:x@') }, { only, probeWrites: true })
    await send([['ACL', 'DELUSER', 'app']])
    return report
  }

  test('a user that has its own keys and no others is not said to be refused', async () => {
    const report = await tried('~copilot:* +@all -@dangerous')
    expect(report.checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'CON-001 ok',
      'WRI-001 unknown',
      'WRI-002 unknown',
      'LIM-001 ok',
    ])
    expect(check(report, 'WRI-001').remediation.text).toContain('~cache:doctor:*')
    expect([report.impact.redis, report.verdict]).toEqual(['up', 'pass'])
  })

  test('one that may not do what a limiter does is told the rights that are missing', async () => {
    const report = await tried('~* +@read +@write +@connection +@scripting')
    expect(check(report, 'LIM-001')).toMatchObject({
      status: 'FAIL',
      message: /^6 of 6 requests were not counted, because the server does not tell its time/ as never,
      remediation: { text: /\+eval .* \+time / as never },
    })
  })

  test('of one that may do nothing but PING it is not claimed that it reads', async () => {
    const { impact } = await tried('+ping')
    expect(impact).toMatchObject({ redis: 'half', kind: 'noperm' })
    expect([impact.headline, ...impact.effects].join(' ')).not.toMatch(/serves reads|reads still hit/)
  })
})

test('latency: judged against the threshold', async () => {
  const { signal } = new AbortController()
  const world: Partial<World> = { connect: () => createOperatorClient({ url }), client: null, signal }
  // Without a warning: on a busy machine what is above one is not judged.
  const judged = (fail: number) => roundTripCheck.run(admin, world as World, { warn: null, fail, source: '' })
  const [fine, slow] = [await judged(9000), await judged(0)]
  expect([fine.status, slow.status]).toEqual(['ok', 'FAIL'])
  expect(fine.value).toBeGreaterThan(0)
})
