import { mkdirSync, rmdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createOperatorClient, type Command } from '../../../src/library/backends/operator.js'
import { blockedClientsCheck } from '../../../src/ops/doctor/checks/blocked-clients.js'
import { judgeCluster } from '../../../src/ops/doctor/checks/cluster-state.js'
import { fragmentationCheck } from '../../../src/ops/doctor/checks/fragmentation.js'
import { checks } from '../../../src/ops/doctor/checks/index.js'
import { replicationCheck } from '../../../src/ops/doctor/checks/replication.js'
import { parseInfo, readInfo } from '../../../src/ops/doctor/info.js'
import { settingOf } from '../../../src/ops/doctor/setting.js'
import type { ThresholdOverrides } from '../../../src/ops/doctor/select.js'
import type { World } from '../../../src/ops/doctor/world.js'
import type { CheckReport, CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { until } from '../../support/clients.js'
import { busy, times } from './commands.js'
import { ownServer } from './own-server.js'
import { check, doctor, judgedBy } from './run.js'

const server = ownServer()
let cluster: RedisServer

beforeAll(async () => {
  const { watchdog } = server.sandbox
  cluster = await startRedisServer({ watchdog, extraArgs: ['--cluster-enabled', 'yes'] })
})
afterAll(() => cluster.stop())

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
beforeEach(async () => {
  await server.send(USUAL)
  await until('nobody else is there', async () =>
    /connected_clients:1\r/.test(String(await server.admin.send('INFO', 'clients'))),
  )
})

interface Given {
  given?: Command[]
  /** Between the two readings of the counters. */
  meanwhile?: () => Promise<unknown>
  thresholds?: ThresholdOverrides
}

async function look(id: string, { given = [], meanwhile, thresholds = {} }: Given): Promise<CheckReport> {
  await server.send(given)
  const pause = async () => void (await meanwhile?.())
  return check(await doctor({ REDIS_URL: server.url }, { only: [id], thresholds, pause }), id)
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
    thresholds: { 'LAT-002': { warn: 9000, fail: 9000 } },
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
    says: /within 24 h, the longest \d+ ms \((?:fast-)?command\)/,
  },
  {
    id: 'LAT-004',
    state: 'a slow script',
    given: [['CONFIG', 'SET', 'latency-monitor-threshold', '5'], busy(12)],
    thresholds: { 'LAT-004': { fail: 10 } },
    expected: 'FAIL',
    says: /command\)/,
  },
  {
    id: 'SLO-001',
    state: 'nothing slow',
    // On a busy machine anything may take 10 ms.
    given: [['CONFIG', 'SET', 'slowlog-log-slower-than', '100000']],
    expected: 'ok',
    says: /^none of 100 ms within 10 min/,
  },
  {
    id: 'SLO-001',
    state: 'a log of everything, nothing slow',
    given: [['CONFIG', 'SET', 'slowlog-log-slower-than', '0'], ['PING']],
    thresholds: { 'SLO-001': { warn: 1 } },
    expected: 'ok',
    says: /^none of 10 ms|^\d within/,
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
    says: /^\d within 10 min 0 s, the slowest \d+ ms \([A-Z]+\)$/,
  },
  {
    id: 'SLO-001',
    state: 'more of them than are allowed',
    given: [busy(15)],
    thresholds: { 'SLO-001': { fail: 0.05 } },
    expected: 'FAIL',
    says: /^\d within/,
  },
  {
    id: 'SLO-001',
    state: 'one of more than 100 ms',
    given: [busy(110)],
    expected: 'FAIL',
    says: /the slowest 1\d\d ms \(EVAL\)/,
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
  await server.send([['CONFIG', 'SET', 'maxclients', '2']])
  const socket = connect(server.sandbox.redis.port, '127.0.0.1')
  await new Promise((closed) =>
    socket
      .on('error', () => {})
      .on('close', closed)
      .resume(),
  )
}

test('CLI-002: turned away before, none now: a warning until the counters begin anew', async () => {
  await look('CLI-002', { meanwhile: turnAway })
  await server.send([['CONFIG', 'SET', 'maxclients', '1000']])
  expect(await look('CLI-002', {})).toMatchObject({ status: 'warn', message: /^1 since .*, none/ as never })
})

test('CLI-003: blocked for a while, and for too long', async () => {
  const worker = await createOperatorClient({ url: server.url, deadlineMs: 10_000 })
  const waiting = worker.send('BLPOP', 'jobs-canary', 0).catch(() => null)
  await until('it is blocked', async () =>
    /blocked_clients:1/.test(String(await server.admin.send('INFO', 'clients'))),
  )
  const short = await look('CLI-003', {})
  const long = await judgedBy({ warn: -1 }, blockedClientsCheck, server.url)
  expect(short).toMatchObject({ status: 'ok', message: /^1 blocked, the longest for \d s$/ as never })
  expect(long).toMatchObject({ status: 'warn', message: /uses this cache as a queue$/ as never })
  worker.close()
  await waiting
})

test('PER-001: a snapshot that fails, and one that works again', async () => {
  const path = join(
    String(await settingOf(server.admin, 'dir')),
    String(await settingOf(server.admin, 'dbfilename')),
  )
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
  await server.admin.send('BGSAVE')
  await until('the snapshot is done', async () =>
    /rdb_bgsave_in_progress:0/.test(String(await server.admin.send('INFO', 'persistence'))),
  )
}

test('REP-002: a replica that follows, and one that is too slow for the project', async () => {
  const { watchdog } = server.sandbox
  const extraArgs = ['--replicaof', '127.0.0.1', String(server.sandbox.redis.port)]
  const replica = await startRedisServer({ watchdog, extraArgs })
  await server.send([['CONFIG', 'SET', 'repl-diskless-sync-delay', '0']])
  await until('it follows', async () =>
    /state=online/.test(String(await server.admin.send('INFO', 'replication'))),
  )
  const [fine, slow, down] = [
    await look('REP-002', { thresholds: { 'REP-002': { warn: 10 } } }),
    await judgedBy({ warn: -1 }, replicationCheck, server.url),
    await judgedBy({ warn: -2, fail: -1 }, replicationCheck, server.url),
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

test('MEM-004: what is freed and not given back, and what is not resident', async () => {
  const [keys, kept] = [18_000, 0.6]
  await server.send([
    [
      'EVAL',
      `local value = string.rep('x', 10000)
       for i = 1, ${keys} do redis.call('SET', i, value) end
       for i = 1, ${keys} do if i % 10 >= ${kept * 10} then redis.call('DEL', i) end end`,
      0,
    ],
  ])
  await until('the server has measured itself', async () => {
    const info = await readInfo(server.admin)
    return info.number('used_memory_rss')! > 1.45 * info.number('used_memory')!
  })
  const judged = (thresholds: object) => look('MEM-004', { thresholds: { 'MEM-004': thresholds } })
  expect(await judged({ warn: 100, fail: 100 })).toMatchObject({
    status: 'ok',
    message: /^1\.\d\d: / as never,
  })
  expect((await judged({})).status).toBe('warn')
  expect((await judged({ fail: 1.41 })).status).toBe('FAIL')
  // Nobody can make a machine swap for a test.
  const swapped = parseInfo('used_memory:300000000\r\nused_memory_rss:100000000')
  const world = { info: () => Promise.resolve(swapped) } as World
  expect(await fragmentationCheck.run(server.admin, world, fragmentationCheck.threshold)).toMatchObject({
    status: 'warn',
    message: /swapped out/ as never,
  })
})

test('a user who may not look: each check is skipped with the privilege that is missing', async () => {
  await server.send([
    ['ACL', 'SETUSER', 'app', 'on', '>pw-canary-1', '~*', '+ping', '+client', '+hello', '+auth'],
  ])
  const own = checks.filter(({ id }) =>
    /^(?:LAT-00[24]|SLO|CPU|CLI|PER|REP-00[23]|CLU|VER|MEM-00[4-9]|EVI|HIT)/.test(id),
  )
  expect(own).toHaveLength(24)
  const only = own.map(({ id }) => id)
  const report = await doctor({ REDIS_URL: server.url.replace('//', '//app:pw-canary-1@') }, { only })
  for (const { id, status, remediation } of only.map((each) => check(report, each))) {
    expect([id, status]).toEqual([id, 'skip'])
    expect(remediation.text).toMatch(/^Allow it in the ACL .*: \+/)
  }
  expect(JSON.stringify(report)).not.toContain('pw-canary-1')
  await server.send([['ACL', 'DELUSER', 'app']])
})
