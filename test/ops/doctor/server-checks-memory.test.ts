import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import { allocatorCheck } from '../../../src/ops/doctor/checks/allocator.js'
import { forkTimeCheck } from '../../../src/ops/doctor/checks/fork-time.js'
import { parseInfo, readInfo, type Info } from '../../../src/ops/doctor/info.js'
import { processHere } from '../../../src/ops/doctor/process-here.js'
import type { World } from '../../../src/ops/doctor/world.js'
import type { CheckReport } from '../../../src/ops/report/doctor-report.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'
import { check, doctor } from './run.js'

let sandbox: Sandbox
let admin: OperatorClient
let url: string

beforeAll(async () => {
  sandbox = await startSandbox()
  url = sandbox.redis.url
  admin = await createOperatorClient({ url, deadlineMs: 10_000 })
})
afterAll(async () => {
  admin.close()
  await sandbox.stop()
})

async function send(commands: readonly Command[]): Promise<void> {
  for (const reply of await admin.pipeline(commands)) if (reply instanceof Error) throw reply
}

async function look(id: string, thresholds = {}): Promise<CheckReport> {
  const limits = { [id]: thresholds }
  return check(await doctor({ REDIS_URL: url }, { only: [id], thresholds: limits }), id)
}

const infoUntil = (what: string, condition: (info: Info) => boolean) =>
  until(what, async () => condition(await readInfo(admin)))

test('a small server: what says nothing there is skipped', async () => {
  expect((await look('MEM-005')).message).toMatch(/below 100 MiB it says nothing/)
  expect((await look('MEM-006')).message).toMatch(/below 5 MiB it says nothing/)
  expect((await look('PER-002')).message).toBe('it has not forked since it was started')
  await admin.send('BGSAVE')
  await infoUntil('it forked', (info) => info.number('latest_fork_usec')! > 0)
  expect(await look('PER-002')).toMatchObject({ status: 'skip', message: /below 100 MiB/ as never })
})

test('MEM-007: a client that sends much, and a replica that does not keep up', async () => {
  expect(await look('MEM-007')).toMatchObject({ status: 'ok', message: /^[\d.]+ KiB per client$/ as never })
  const sending = await announce(8_000_000)
  await infoUntil('its buffer is counted', (info) => info.number('mem_clients_normal')! > 4_000_000)
  const [warns, fails] = [await look('MEM-007'), await look('MEM-007', { fail: 500 })]
  sending.destroy()
  expect(warns).toMatchObject({ status: 'warn', message: /^[\d.]+ MiB per client$/ as never })
  expect(fails.status).toBe('FAIL')
  await infoUntil('it is gone', (info) => info.number('mem_clients_normal')! < 1_000_000)

  await send([['CONFIG', 'SET', 'repl-diskless-sync-delay', '0']])
  const extraArgs = ['--replicaof', '127.0.0.1', String(sandbox.redis.port)]
  const replica = await startRedisServer({ watchdog: sandbox.watchdog, extraArgs })
  await infoUntil('it follows', (info) => /state=online/.test(info.text('slave0') ?? ''))
  replica.freeze()
  // More than the sockets between the two take; made by the server, so that nobody sends it.
  const ballast = `for i = 1, 40 do redis.call('SET', i, string.rep('x', 1000000)) end`
  await send([['EVAL', ballast, 0]])
  await infoUntil('it waits', (info) => info.number('mem_clients_slaves')! > 11 * 1024 ** 2)
  const behind = await look('MEM-007')
  await replica.stop()
  await send([['FLUSHALL']])
  expect(behind).toMatchObject({
    status: 'warn',
    message: /^[\d.]+ KiB per client, [\d.]+ MiB per replica$/ as never,
  })
  expect(behind.remediation.text).toMatch(/^A replica/)
})

/** A client that says how long its value is, for which the server makes room, and sends none of it. */
function announce(bytes: number): Promise<Socket> {
  return new Promise((ready, failed) => {
    const socket: Socket = connect(sandbox.redis.port, '127.0.0.1', () => {
      socket.write(`*3\r\n$3\r\nSET\r\n$1\r\na\r\n$${bytes}\r\nx`, () => ready(socket))
    }).on('error', failed)
  })
}

test('MEM-008: nothing swapped out, more than allowed, and a server that is not shown to be here', async () => {
  expect(await look('MEM-008')).toMatchObject({ status: 'ok', message: 'all of it is in RAM', value: 0 })
  // Nobody can make a machine swap for a test.
  expect((await look('MEM-008', { warn: -1 })).status).toBe('warn')
  expect((await look('MEM-008', { warn: -2, fail: -1 })).status).toBe('FAIL')
  const said = String(await admin.send('INFO', 'server'))
  const as = (pattern: RegExp, instead: string) => processHere(parseInfo(said.replace(pattern, instead)))
  expect(await processHere(parseInfo(said))).not.toBeNull()
  // Another program, one that is not there, and one of the same name that was started at another time.
  expect(await as(/process_id:\d+/, `process_id:${process.pid}`)).toBeNull()
  expect(await as(/process_id:\d+/, 'process_id:999999999')).toBeNull()
  expect(await as(/uptime_in_seconds:\d+/, 'uptime_in_seconds:90000')).toBeNull()
})

test('a large server: its forks, its gaps, its peak', async () => {
  const [keys, bytes] = [60_000, 3000]
  await send([
    [
      'EVAL',
      `local value = string.rep('x', ${bytes}) for i = 1, ${keys} do redis.call('SET', i, value) end`,
      0,
    ],
    ['BGSAVE'],
  ])
  await infoUntil('it forked', (info) => info.number('rdb_bgsave_in_progress') === 0)
  const forks = [
    await look('PER-002', { warn: 90_000, fail: 90_000 }),
    await look('PER-002', { warn: 0, fail: 90_000 }),
    await look('PER-002', { warn: 0, fail: 0.001 }),
  ]
  expect(forks.map(({ status }) => status)).toEqual(['ok', 'warn', 'FAIL'])
  expect(forks[0]!.message).toMatch(/^the last took [\d.]+ ms, with at most 1[789]\d(?:\.\d)? MiB in use$/)
  // A flush does not make the fork before it slower.
  const [later, asked] = [
    parseInfo('latest_fork_usec:9000\r\nused_memory:1000000\r\nused_memory_peak:2147483648'),
    forkTimeCheck,
  ]
  const world = { info: () => Promise.resolve(later) } as World
  expect(await asked.run(admin, world, asked.threshold)).toMatchObject({ status: 'ok', value: 4.5 })

  expect(await look('MEM-006')).toMatchObject({
    status: 'ok',
    message: /^[\d.]+ MiB, [\d.]+ MiB now$/ as never,
  })
  await send([['EVAL', `for i = 1, ${keys} do if i % 10 >= 6 then redis.call('DEL', i) end end`, 0]])
  await infoUntil(
    'it has measured itself',
    (info) => info.number('allocator_frag_bytes')! > 20 * 1024 ** 2 && info.number('used_memory')! < 140e6,
  )
  const gaps = [
    await look('MEM-005'),
    await look('MEM-005', { fail: 1.11 }),
    await look('MEM-005', { warn: 100 }),
  ]
  expect(gaps.map(({ status }) => status)).toEqual(['warn', 'FAIL', 'ok'])
  expect(gaps[0]!.message).toMatch(/^1\.\d\d in gaps between values \([\d.]+ MiB\), \d\.\d\d in free pages/)
  expect(gaps[0]!.remediation.commands[0]).toMatch(/ CONFIG SET activedefrag yes$/)
  const whole = String(await admin.send('INFO', 'memory'))
  const pages = parseInfo(whole.replace(/(allocator_frag_bytes):\d+/, '$1:0'))
  const inPages = { info: () => Promise.resolve(pages) } as World
  expect(await allocatorCheck.run(admin, inPages, allocatorCheck.threshold)).toMatchObject({
    status: 'warn',
    remediation: { commands: ['redis-cli MEMORY PURGE'] },
  })
  const peaks = [
    await look('MEM-006'),
    await look('MEM-006', { warn: 1.55 }),
    await look('MEM-006', { fail: 1.55 }),
  ]
  expect(peaks.map(({ status }) => status)).toEqual(['ok', 'warn', 'FAIL'])
  expect(peaks[0]!.message).toMatch(/ now; the pages between may still be held$/)
})

test('MEM-005: an allocator that tells nothing is not judged', async () => {
  const other = String(await admin.send('INFO', 'memory')).replace(/mem_allocator:\S+/, 'mem_allocator:libc')
  const world = { info: () => Promise.resolve(parseInfo(other)) } as World
  expect(await allocatorCheck.run(admin, world, allocatorCheck.threshold)).toMatchObject({ status: 'skip' })
})
