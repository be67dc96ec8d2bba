import { mkdirSync, rmdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import type { Finding, ServerCheck } from '../../../src/ops/doctor/check.js'
import { judgeCluster } from '../../../src/ops/doctor/checks/cluster-state.js'
import { cpuCheck } from '../../../src/ops/doctor/checks/cpu.js'
import { evictionsCheck } from '../../../src/ops/doctor/checks/evictions.js'
import { fragmentationCheck } from '../../../src/ops/doctor/checks/fragmentation.js'
import { hitRatioCheck } from '../../../src/ops/doctor/checks/hit-ratio.js'
import { checks } from '../../../src/ops/doctor/checks/index.js'
import { parseInfo, readInfo, type Info } from '../../../src/ops/doctor/info.js'
import { between, observe } from '../../../src/ops/doctor/interval.js'
import { settingOf } from '../../../src/ops/doctor/setting.js'
import { thresholdsOf, type ThresholdOverrides } from '../../../src/ops/doctor/select.js'
import type { World } from '../../../src/ops/doctor/world.js'
import type { CheckReport, CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'
import { check, doctor } from './run.js'

let sandbox: Sandbox
let cluster: RedisServer
let admin: OperatorClient
let url: string

beforeAll(async () => {
  sandbox = await startSandbox()
  const { watchdog } = sandbox
  cluster = await startRedisServer({ watchdog, extraArgs: ['--cluster-enabled', 'yes'] })
  url = sandbox.redis.url
  admin = await createOperatorClient({ url, deadlineMs: 10_000 })
})
afterAll(async () => {
  admin.close()
  await cluster.stop()
  await sandbox.stop()
})

const USUAL: Command[] = [
  ['REPLICAOF', 'NO', 'ONE'],
  ['CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction', 'maxclients', '1000'],
  ['CONFIG', 'SET', 'latency-monitor-threshold', '0', 'slowlog-log-slower-than', '10000'],
  ['CONFIG', 'SET', 'save', '', 'appendonly', 'no', 'appendfsync', 'everysec'],
  ['FLUSHALL'],
  ['SCRIPT', 'FLUSH'],
  ['LATENCY', 'RESET'],
  ['SLOWLOG', 'RESET'],
  ['CONFIG', 'RESETSTAT'],
]
beforeEach(() => send(USUAL))

async function send(commands: readonly Command[]): Promise<void> {
  for (const reply of await admin.pipeline(commands)) if (reply instanceof Error) throw reply
}

/** A script that keeps the server busy for so long. */
const busy = (ms: number): Command => [
  'EVAL',
  `local function now() local time = redis.call('TIME') return time[1] * 1e6 + time[2] end
   local last = now() + ${ms * 1000}
   while now() < last do end`,
  0,
]
const times = (count: number, command: (index: number) => Command): Command[] =>
  Array.from({ length: count }, (_, index) => command(index))

interface Given {
  given?: Command[]
  /** Between the two readings of the counters. */
  meanwhile?: () => Promise<unknown>
  thresholds?: ThresholdOverrides
}

async function look(id: string, { given = [], meanwhile, thresholds = {} }: Given): Promise<CheckReport> {
  await send(given)
  const pause = async () => void (await meanwhile?.())
  return check(await doctor({ REDIS_URL: url }, { only: [id], thresholds, pause }), id)
}

interface Row extends Given {
  id: string
  state: string
  expected: CheckStatus
  says: RegExp
}

test.each<Row>([
  { id: 'LAT-002', state: 'nothing asked yet', expected: 'skip', says: /^only \d+ calls/ },
  {
    id: 'LAT-002',
    state: 'quick',
    given: times(100, () => ['GET', 'a']),
    expected: 'ok',
    says: /on average of 1\d\d calls; most of it goes to/,
  },
  ...[
    { thresholds: { 'LAT-002': { warn: 0.09 } }, expected: 'warn' as const },
    { thresholds: { 'LAT-002': { fail: 0.09, warn: 0.01 } }, expected: 'FAIL' as const },
  ].map((row) => ({
    id: 'LAT-002',
    state: 'one dear script among them',
    given: [...times(100, () => ['GET', 'a'] as const), busy(30)],
    says: /goes to eval, \d+ ms each/,
    ...row,
  })),
  { id: 'LAT-004', state: 'off', expected: 'skip', says: /off, as it is by default/ },
  {
    id: 'LAT-004',
    state: 'watching from above the threshold on',
    given: [['CONFIG', 'SET', 'latency-monitor-threshold', '500']],
    expected: 'skip',
    says: /only keeps events above 500 ms/,
  },
  {
    id: 'LAT-004',
    state: 'nothing seen',
    given: [['CONFIG', 'SET', 'latency-monitor-threshold', '100']],
    expected: 'ok',
    says: /none of 100 ms or more/,
  },
  {
    id: 'LAT-004',
    state: 'a slow script, within what is allowed',
    given: [['CONFIG', 'SET', 'latency-monitor-threshold', '5'], busy(12)],
    thresholds: { 'LAT-004': { fail: 10_000 } },
    expected: 'ok',
    says: /within 24 h, the longest \d+ ms \(command\)/,
  },
  {
    id: 'LAT-004',
    state: 'a slow script',
    given: [['CONFIG', 'SET', 'latency-monitor-threshold', '5'], busy(12)],
    thresholds: { 'LAT-004': { fail: 10 } },
    expected: 'FAIL',
    says: /\(command\)/,
  },
  { id: 'SLO-001', state: 'nothing slow', expected: 'ok', says: /^none of 10 ms within 10 min/ },
  {
    id: 'SLO-001',
    state: 'a log of everything, nothing slow',
    given: [['CONFIG', 'SET', 'slowlog-log-slower-than', '0'], ['PING']],
    expected: 'ok',
    says: /^none of 10 ms/,
  },
  {
    id: 'SLO-001',
    state: 'the log is off',
    given: [['CONFIG', 'SET', 'slowlog-log-slower-than', '-1']],
    expected: 'skip',
    says: /is off/,
  },
  {
    id: 'SLO-001',
    state: 'one slow command',
    given: [[...busy(15), 'canary']],
    expected: 'warn',
    says: /^1 within 10 min 0 s, the slowest \d+ ms \(EVAL\)$/,
  },
  {
    id: 'SLO-001',
    state: 'more of them than are allowed',
    given: [busy(15)],
    thresholds: { 'SLO-001': { fail: 0.05 } },
    expected: 'FAIL',
    says: /\(EVAL\)/,
  },
  {
    id: 'SLO-001',
    state: 'one of more than 100 ms',
    given: [busy(110)],
    expected: 'FAIL',
    says: /^1 within/,
  },
  { id: 'CLI-001', state: 'room', expected: 'ok', says: /^\d of 1000/ },
  {
    id: 'CLI-001',
    state: 'the last place is ours, and that is allowed',
    given: [['CONFIG', 'SET', 'maxclients', '2']],
    thresholds: { 'CLI-001': { fail: 100 } },
    expected: 'warn',
    says: /^2 of 2 \(100 %\); who comes/,
  },
  {
    id: 'CLI-001',
    state: 'the last place is ours',
    given: [['CONFIG', 'SET', 'maxclients', '2']],
    expected: 'FAIL',
    says: /^2 of 2/,
  },
  { id: 'CLI-002', state: 'nobody turned away', expected: 'ok', says: /^no connection was/ },
  {
    id: 'CLI-002',
    state: 'somebody now',
    meanwhile: turnAway,
    expected: 'FAIL',
    says: /^1 within/,
  },
  {
    id: 'CLI-003',
    state: 'nobody blocked',
    expected: 'ok',
    says: /no client is blocked/,
  },
  { id: 'PER-003', state: 'nothing saved', expected: 'ok', says: /^nothing$/ },
  {
    id: 'PER-003',
    state: 'snapshots',
    given: [['CONFIG', 'SET', 'save', '3600 1']],
    expected: 'ok',
    says: /^snapshots, which a pure cache/,
  },
  {
    id: 'PER-003',
    state: 'a log, synced once a second',
    given: [['CONFIG', 'SET', 'appendonly', 'yes']],
    expected: 'ok',
    says: /^an append-only file \(everysec\)/,
  },
  {
    id: 'PER-003',
    state: 'a log, synced with each write',
    given: [['CONFIG', 'SET', 'appendonly', 'yes', 'appendfsync', 'always']],
    expected: 'FAIL',
    says: /^appendfsync always/,
  },
  { id: 'REP-002', state: 'alone', expected: 'skip', says: /no replicas/ },
  {
    id: 'REP-002',
    state: 'a replica whose primary is away',
    given: [['REPLICAOF', '127.0.0.1', '1']],
    expected: 'FAIL',
    says: /link to its primary is down/,
  },
  { id: 'CLU-001', state: 'no cluster', expected: 'skip', says: /no cluster/ },
  { id: 'VER-001', state: 'of this machine', expected: 'ok', says: /^(?:Redis|Valkey) \d/ },
  {
    id: 'VER-001',
    state: 'below what the project wants',
    thresholds: { 'VER-001': { warn: 99 } },
    expected: 'warn',
    says: /is old$/,
  },
  {
    id: 'VER-001',
    state: 'below what the project allows',
    thresholds: { 'VER-001': { warn: 99, fail: 98 } },
    expected: 'FAIL',
    says: /is old$/,
  },
  { id: 'MEM-004', state: 'small', expected: 'skip', says: /below 100 MiB it says nothing/ },
  { id: 'MEM-009', state: 'no scripts', expected: 'ok', says: /^0$/ },
  {
    id: 'MEM-009',
    state: 'a value in each script',
    given: times(11, (index) => ['SCRIPT', 'LOAD', `return ${index}`]),
    expected: 'warn',
    says: /^11: somebody writes values/,
  },
  {
    id: 'MEM-009',
    state: 'a value in very many scripts',
    given: times(1001, (index) => ['SCRIPT', 'LOAD', `return ${index}`]),
    expected: 'FAIL',
    says: /^1001:/,
  },
  { id: 'EVI-001', state: 'nothing evicted', expected: 'ok', says: /^none within/ },
  { id: 'HIT-001', state: 'just started', expected: 'skip', says: /until 10 minutes have passed/ },
  { id: 'CPU-001', state: 'not watched for long', expected: 'skip', says: /too short to tell/ },
])('$id, $state: $expected', async ({ id, expected, says, ...given }) => {
  const found = await look(id, given)
  expect(found).toMatchObject({ status: expected, message: expect.stringMatching(says) as never })
  if (expected === 'warn' || expected === 'FAIL') expect(found.remediation.text).not.toBe('')
  expect(JSON.stringify(found)).not.toContain('canary')
})

/** With one place less than there are clients. */
async function turnAway(): Promise<void> {
  await send([['CONFIG', 'SET', 'maxclients', '2']])
  const socket = connect(sandbox.redis.port, '127.0.0.1')
  await new Promise((closed) =>
    socket
      .on('error', () => {})
      .on('close', closed)
      .resume(),
  )
}

test('CLI-002: turned away before, none now: a warning until the counters begin anew', async () => {
  await look('CLI-002', { meanwhile: turnAway })
  await send([['CONFIG', 'SET', 'maxclients', '1000']])
  expect(await look('CLI-002', {})).toMatchObject({ status: 'warn', message: /^1 since .*, none/ as never })
})

test('CLI-003: blocked for a while, and for too long', async () => {
  const worker = await createOperatorClient({ url, deadlineMs: 10_000 })
  const waiting = worker.send('BLPOP', 'jobs-canary', 0).catch(() => null)
  await until('it is blocked', async () =>
    /blocked_clients:1/.test(String(await admin.send('INFO', 'clients'))),
  )
  const short = await look('CLI-003', {})
  const long = await look('CLI-003', { thresholds: { 'CLI-003': { warn: -1 } } })
  expect(short).toMatchObject({ status: 'ok', message: /^1 blocked, the longest for \d s$/ as never })
  expect(long).toMatchObject({ status: 'warn', message: /uses this cache as a queue$/ as never })
  worker.close()
  await waiting
})

test('PER-001: a snapshot that fails, and one that works again', async () => {
  const path = join(String(await settingOf(admin, 'dir')), String(await settingOf(admin, 'dbfilename')))
  expect((await look('PER-001', {})).status).toBe('ok')
  // What is to be replaced is a directory, which no file can replace.
  mkdirSync(path)
  await save()
  expect(await look('PER-001', {})).toMatchObject({
    status: 'FAIL',
    message: /^the last snapshot failed: .*\(MISCONF\)$/ as never,
  })
  rmdirSync(path)
  await save()
  expect((await look('PER-001', {})).status).toBe('ok')
})

/** In the foreground it does not count as a snapshot in the background. */
async function save(): Promise<void> {
  await admin.send('BGSAVE')
  await until('the snapshot is done', async () =>
    /rdb_bgsave_in_progress:0/.test(String(await admin.send('INFO', 'persistence'))),
  )
}

test('REP-002: a replica that follows, and one that is too slow for the project', async () => {
  const { watchdog } = sandbox
  const extraArgs = ['--replicaof', '127.0.0.1', String(sandbox.redis.port)]
  const replica = await startRedisServer({ watchdog, extraArgs })
  await send([['CONFIG', 'SET', 'repl-diskless-sync-delay', '0']])
  await until('it follows', async () => /state=online/.test(String(await admin.send('INFO', 'replication'))))
  const [fine, slow, down] = [
    await look('REP-002', { thresholds: { 'REP-002': { warn: 10 } } }),
    await look('REP-002', { thresholds: { 'REP-002': { warn: -1 } } }),
    await look('REP-002', { thresholds: { 'REP-002': { warn: -2, fail: -1 } } }),
  ]
  expect([fine.status, slow.status, down.status]).toEqual(['ok', 'warn', 'FAIL'])
  expect(fine.message).toMatch(/^1 of 1 replicas are online/)
  const onReplica = await doctor({ REDIS_URL: replica.url }, { only: ['REP-002'] })
  expect(check(onReplica, 'REP-002').message).toBe('the link to its primary is up')
  await replica.stop()
})

test('CLU-001: a cluster without slots, one with all of them, and one that suspects a node', async () => {
  const one = await createOperatorClient({ url: cluster.url })
  const now = async () => check(await doctor({ REDIS_URL: cluster.url }, { only: ['CLU-001'] }), 'CLU-001')
  expect(await now()).toMatchObject({ status: 'FAIL', message: /^state fail, .* 0 of 16384/ as never })
  await one.send('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
  let reply = ''
  await until('it is ready', async () => /state:ok/.test((reply = String(await one.send('CLUSTER', 'INFO')))))
  expect(await now()).toMatchObject({ status: 'ok', message: 'state ok, 1 nodes' })
  one.close()
  // For a suspicion that is no failure yet three primaries are needed, and one that is away.
  expect(judgeCluster(reply.replace('slots_pfail:0', 'slots_pfail:9')).status).toBe('warn')
  expect(judgeCluster(reply.replace('slots_fail:0', 'slots_fail:9')).status).toBe('FAIL')
})

describe('what happens meanwhile', () => {
  /** The check on two real readings; `asOf` says what a test cannot wait for. */
  async function during(
    checked: ServerCheck,
    meanwhile: () => Promise<unknown>,
    { thresholds = {}, asOf = (info: Info) => info, seconds = 0 } = {},
  ): Promise<Finding> {
    const seen = await observe(admin, async () => void (await meanwhile()))
    const interval = between(asOf(seen.before), asOf(seen.after), seconds || seen.seconds)
    const world = { interval: () => Promise.resolve(interval) } as World
    return checked.run(admin, world, thresholdsOf({ [checked.id]: thresholds })(checked))
  }
  const small: Command[] = [
    ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
    ...times(50, (index) => ['SET', `old:${index}`, 'x'.repeat(20_000)]),
  ]
  /** Everything is too much by now, so each key that comes evicts. */
  async function squeeze(): Promise<void> {
    const used = (await readInfo(admin)).number('used_memory')!
    await send([['CONFIG', 'SET', 'maxmemory', String(used)]])
  }

  test('EVI-001: as much goes as comes, and more than comes', async () => {
    await send(small)
    await squeeze()
    const steady = await during(evictionsCheck, () =>
      send(times(20, (index) => ['SET', `new:${index}`, 'x'.repeat(20_000)])),
    )
    expect(steady).toMatchObject({ status: 'warn', message: /^\d+ keys within .*; 20 came in$/ as never })
    const shrinking = await during(evictionsCheck, async () => {
      await send([['CONFIG', 'SET', 'maxmemory', '1']])
      await send([['DEL', 'old:0']])
    })
    expect(shrinking).toMatchObject({ status: 'FAIL', message: /came in: the cache shrinks$/ as never })
  })

  const anHourLater = (info: Info): Info => ({
    ...info,
    number: (field) => (field === 'uptime_in_seconds' ? 3600 : info.number(field)),
  })
  const reads = (hits: number, misses: number) => () =>
    send([
      ['SET', 'there', '1'],
      ...times(hits, () => ['GET', 'there'] as const),
      ...times(misses, () => ['GET', 'gone'] as const),
    ])

  test.each<[number, number, CheckStatus, RegExp]>([
    [950, 50, 'ok', /^95 % of 1000 reads within/],
    [700, 300, 'warn', /^70 % of 1000 reads/],
    [400, 600, 'FAIL', /^40 % of 1000 reads/],
    [9, 1, 'skip', /^10 reads within .*, of 1000 needed; 90 % since/],
  ])('HIT-001: %d hits and %d misses: %s', async (hits, misses, status, says) => {
    const found = await during(hitRatioCheck, reads(hits, misses), { asOf: anHourLater })
    expect(found).toMatchObject({ status, message: expect.stringMatching(says) as never })
  })

  test('HIT-001: what doctor itself reads does not count', async () => {
    await send(times(30, (index) => ['SET', `copilot:conv:${index}`, '{}', 'EX', 60]))
    let sampled = 0
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 50))
    const before = (await readInfo(admin)).number('keyspace_hits')!
    const report = await doctor(
      { REDIS_URL: url },
      {
        only: ['KEY-001', 'EVI-001'],
        async pause() {
          const first = (await readInfo(admin)).number('keyspace_hits')!
          await pause()
          sampled = (await readInfo(admin)).number('keyspace_hits')! - first
        },
      },
    )
    expect(check(report, 'KEY-001').status).toBe('ok')
    expect((await readInfo(admin)).number('keyspace_hits')! - before).toBe(30)
    expect(sampled).toBe(0)
  })

  test('CPU-001: idle, busy, and too busy', async () => {
    const work = () => send([busy(100)])
    const seconds = 0.2
    expect(await during(cpuCheck, () => Promise.resolve(), { seconds })).toMatchObject({ status: 'ok' })
    for (const [thresholds, status] of [
      [{ warn: 5, fail: 9000 }, 'warn'],
      [{ warn: 4, fail: 5 }, 'FAIL'],
    ] as const) {
      expect(await during(cpuCheck, work, { seconds, thresholds })).toMatchObject({ status })
    }
  })
})

test('MEM-004: what is freed and not given back', async () => {
  const value = 4 * 1024 ** 2 * 8 - 1
  await send(times(44, (index) => ['SETBIT', `block:${index}`, value, 1]))
  await send([['DEL', ...times(16, (index) => [`block:${28 + index}`]).flat()]])
  let info = await readInfo(admin)
  await until('the server has measured itself', async () => {
    info = await readInfo(admin)
    return info.number('used_memory_rss')! > 110 * 1024 ** 2
  })
  const judged = (ratio: number, thresholds: object = {}) => {
    // How much of it the allocator gives back at once is its own affair.
    const resident = Math.round(info.number('used_memory')! * ratio)
    const world = {
      info: () =>
        Promise.resolve(parseInfo(`used_memory:${info.text('used_memory')}\nused_memory_rss:${resident}`)),
    } as World
    return fragmentationCheck.run(admin, world, { ...fragmentationCheck.threshold, ...thresholds })
  }
  const found = await Promise.all([judged(1.05), judged(1.5), judged(2.1), judged(0.9)])
  expect(found.map(({ status }) => status)).toEqual(['ok', 'warn', 'FAIL', 'FAIL'])
})

test('a user who may not look: each check is skipped with the privilege that is missing', async () => {
  await send([['ACL', 'SETUSER', 'app', 'on', '>pw-canary-1', '~*', '+ping', '+client', '+hello', '+auth']])
  const own = checks.filter(({ id }) =>
    /^(?:LAT-00[24]|SLO|CPU|CLI-00[123]|PER|REP-002|CLU|VER|MEM-00[49]|EVI|HIT)/.test(id),
  )
  expect(own).toHaveLength(16)
  const only = own.map(({ id }) => id)
  const report = await doctor({ REDIS_URL: url.replace('//', '//app:pw-canary-1@') }, { only })
  for (const { id, status, remediation } of report.checks) {
    expect([id, status]).toEqual([id, 'skip'])
    expect(remediation.text).toMatch(/^Allow it in the ACL .*: \+/)
  }
  expect(JSON.stringify(report)).not.toContain('pw-canary-1')
  await send([['ACL', 'DELUSER', 'app']])
})
