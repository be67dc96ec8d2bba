import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import type { ServerCheck } from '../../../src/ops/doctor/check.js'
import type { Finding } from '../../../src/ops/doctor/finding.js'
import { connectionChurnCheck } from '../../../src/ops/doctor/checks/connection-churn.js'
import { idleClientsCheck } from '../../../src/ops/doctor/checks/idle-clients.js'
import { parseInfo } from '../../../src/ops/doctor/info.js'
import { between, observe } from '../../../src/ops/doctor/interval.js'
import { ownConnections } from '../../../src/ops/doctor/own-connections.js'
import { thresholdsOf } from '../../../src/ops/doctor/select.js'
import type { World } from '../../../src/ops/doctor/world.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { until } from '../../support/clients.js'
import { cache } from '../../support/cache.js'
import { ownServer } from './own-server.js'
import { check, doctor } from './run.js'
import { seen } from './seen.js'

const server = ownServer()
beforeEach(() => server.send([['CONFIG', 'SET', 'timeout', '0'], ['FLUSHALL'], ['CONFIG', 'RESETSTAT']]))

test('CLI-004: nobody idle, and a server that closes who is', async () => {
  expect(await server.look('CLI-004')).toMatchObject({
    status: 'ok',
    message: 'none for more than an hour',
    value: 0,
  })
  await server.send([['CONFIG', 'SET', 'timeout', '600']])
  expect(await server.look('CLI-004')).toMatchObject({
    status: 'ok',
    message: /closes who is idle for 10 min/ as never,
  })
})

test('CLI-004: clients idle for hours inform, and warn or fail where the project says so', async () => {
  const worker = await createOperatorClient({ url: server.url, deadlineMs: 10_000 })
  const waiting = worker.send('BLPOP', 'jobs', 0).catch(() => null)
  await until('it is blocked', async () => /flags=b/.test(String(await server.admin.send('CLIENT', 'LIST'))))
  const info = parseInfo(String(await server.admin.send('INFO')))
  // Nobody waits for two hours: what the server says, two hours later.
  const later: OperatorClient = {
    ...server.admin,
    async send(...command) {
      const reply = await server.admin.send(...command)
      return command[0] === 'CLIENT' ? String(reply).replaceAll(/\bidle=\d+/g, 'idle=7200') : reply
    },
  }
  const world = { info: () => Promise.resolve(info) } as World
  const judged = async (thresholds: object) =>
    seen(
      'CLI-004',
      await idleClientsCheck.run(later, world, thresholdsOf({ 'CLI-004': thresholds })(idleClientsCheck)),
    )
  const untold: OperatorClient = {
    ...later,
    send: (...command) => (command[0] === 'CONFIG' ? Promise.resolve([]) : later.send(...command)),
  }
  const silent = await idleClientsCheck.run(untold, world, idleClientsCheck.threshold)
  expect(silent.message).toBe('1 of 1 for more than an hour, the longest for 2 h')
  const [informs, warns, fails] = [await judged({}), await judged({ warn: 0 }), await judged({ fail: 0 })]
  worker.close()
  await waiting
  // Who is blocked waits for something.
  expect(informs).toEqual({
    status: 'ok',
    message: '1 of 1 for more than an hour, the longest for 2 h; nothing closes them',
    value: 1,
  })
  expect([warns.status, fails.status]).toEqual(['warn', 'FAIL'])
  expect(warns.remediation?.commands).toContain('redis-cli CONFIG SET timeout 3600')
})

test('CLI-004: too many to list are not listed', async () => {
  const world = { info: () => Promise.resolve(parseInfo('connected_clients:10001')) } as World
  const asked: Command[] = []
  const client = {
    ...server.admin,
    send: (...command: Command) => (asked.push(command), server.admin.send(...command)),
  }
  const found = await idleClientsCheck.run(client, world, idleClientsCheck.threshold)
  expect(found).toMatchObject({ status: 'skip', message: /^10001 are too many/ as never })
  expect(asked.map(([name]) => name)).toEqual(['CONFIG'])
})

/** On two real readings, as if a second had been between them. */
async function within(
  checked: ServerCheck,
  meanwhile: (own: ReturnType<typeof ownConnections>) => Promise<unknown>,
  { thresholds = {}, seconds = 1 } = {},
): Promise<Finding> {
  const own = ownConnections()
  const { before, after, ours } = await observe(server.admin, async () => void (await meanwhile(own)), own)
  const world = { interval: () => Promise.resolve(between(before, after, seconds, ours)) } as World
  return seen(
    checked.id,
    await checked.run(server.admin, world, thresholdsOf({ [checked.id]: thresholds })(checked)),
  )
}

/** Each is answered, so the server has counted it. */
async function comeAndGo(count: number): Promise<void> {
  const visit = () =>
    new Promise<void>((gone, failed) => {
      const socket = connect(server.sandbox.redis.port, '127.0.0.1', () => socket.write('PING\r\n'))
      socket
        .on('data', () => socket.end())
        .on('close', () => gone())
        .on('error', failed)
    })
  await Promise.all(Array.from({ length: count }, visit))
}

test('CLI-005: nobody new, some, many, and too little time to tell', async () => {
  const none = await within(connectionChurnCheck, () => Promise.resolve())
  const some = await within(connectionChurnCheck, () => comeAndGo(12))
  const many = await within(connectionChurnCheck, () => comeAndGo(12), { thresholds: { warn: 5, fail: 11 } })
  const short = await within(connectionChurnCheck, () => comeAndGo(12), { seconds: 0.2 })
  expect(none).toMatchObject({ status: 'ok', message: 'no new ones within 1.0 s', value: 0 })
  expect(some).toMatchObject({
    status: 'warn',
    message: /^12 new ones within 1\.0 s: somebody/ as never,
    value: 12,
  })
  expect(many.status).toBe('FAIL')
  expect(short).toMatchObject({ status: 'skip', message: '200 ms are too short to tell' })
})

test('CLI-005: what doctor opens does not count', async () => {
  const own = await within(connectionChurnCheck, (connections) =>
    Promise.all([connections.count(() => comeAndGo(15), 15), comeAndGo(1)]),
  )
  expect(own).toMatchObject({ status: 'ok', message: '1 new one within 1.0 s' })
  // A whole run, whose own tries to connect come while the counters are watched or before.
  const report = await doctor(
    { REDIS_URL: server.url },
    { only: ['CON-001', 'CLI-005', 'LAT-001'], pause: () => new Promise((after) => setTimeout(after, 520)) },
  )
  expect(check(report, 'CLI-005')).toMatchObject({ status: 'ok', value: 0 })
})

test('REP-003: replicas that are there, and fewer than declared or than in the baseline', async () => {
  expect(await server.look('REP-003')).toMatchObject({
    status: 'skip',
    message: /none are declared/ as never,
    value: 0,
  })
  const directory = mkdtempSync(join(tmpdir(), 'cache-replicas-'))
  const [baseline, env] = [join(directory, 'baseline.json'), { REDIS_URL: server.url }]
  const replicas: RedisServer[] = []
  try {
    const extraArgs = ['--replicaof', '127.0.0.1', String(server.sandbox.redis.port)]
    replicas.push(await startRedisServer({ watchdog: server.sandbox.watchdog, extraArgs }))
    await until('it is connected', async () =>
      /connected_slaves:1/.test(String(await server.admin.send('INFO', 'replication'))),
    )
    const [there, warns, fails] = [
      await server.look('REP-003'),
      await server.look('REP-003', { warn: 2 }),
      await server.look('REP-003', { warn: 3, fail: 2 }),
    ]
    expect(there).toMatchObject({ status: 'ok', message: '1 replica is connected', value: 1 })
    expect(warns).toMatchObject({ status: 'warn', message: '1 replica is connected, of 2 declared' })
    expect(fails).toMatchObject({ status: 'FAIL', message: '1 replica is connected, of 3 declared' })
    const saved = await cache(['doctor', '--only', 'REP-003', '--output', `json=${baseline}`], { env })
    expect(saved.code).toBe(0)
    const onReplica = await doctor({ REDIS_URL: replicas[0]!.url }, { only: ['REP-003'] })
    expect(check(onReplica, 'REP-003').status).toBe('skip')
  } finally {
    for (const replica of replicas) await replica.stop()
  }
  await until('it is gone', async () =>
    /connected_slaves:0/.test(String(await server.admin.send('INFO', 'replication'))),
  )
  const since = await cache(['doctor', '--only', 'REP-003', '--baseline', baseline, '--fail-on', 'warn'], {
    env,
  })
  rmSync(directory, { recursive: true })
  expect(since.code).toBe(1)
  expect(since.stdout.replace(/\s+/g, ' ')).toContain(
    'warn REP-003 no replica is missing: no replicas are connected, of 1 in the baseline',
  )
})
