import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { allocatorCheck } from '../../../src/ops/doctor/checks/allocator.js'
import { forkTimeCheck } from '../../../src/ops/doctor/checks/fork-time.js'
import { swappedCheck } from '../../../src/ops/doctor/checks/swapped.js'
import { parseInfo, readInfo, type Info } from '../../../src/ops/doctor/info.js'
import { processHere } from '../../../src/ops/doctor/process-here.js'
import type { World } from '../../../src/ops/doctor/world.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import { until } from '../../support/clients.js'
import { ownServer } from './own-server.js'
import { judgedBy } from './run.js'

const server = ownServer()

const infoUntil = (what: string, condition: (info: Info) => boolean) =>
  until(what, async () => condition(await readInfo(server.admin)))

test('a small server: what says nothing there is skipped', async () => {
  expect((await server.look('MEM-005')).message).toMatch(/below 100 MiB it says nothing/)
  expect((await server.look('MEM-006')).message).toMatch(/below 5 MiB it says nothing/)
  expect((await server.look('PER-002')).message).toBe('it has not forked since it was started')
  expect((await server.look('PER-001')).message).toMatch(/nothing was saved since it was started$/)
  await server.admin.send('BGSAVE')
  await infoUntil('it forked', (info) => info.number('latest_fork_usec')! > 0)
  await infoUntil('it has saved', (info) => info.number('rdb_last_bgsave_time_sec')! >= 0)
  expect((await server.look('PER-001')).message).toMatch(/^the last snapshot/)
  expect(await server.look('PER-002')).toMatchObject({ status: 'skip', message: /below 100 MiB/ as never })
})

test('MEM-007: a client that sends much, and a replica that does not keep up', async () => {
  expect(await server.look('MEM-007')).toMatchObject({
    status: 'ok',
    message: /^[\d.]+ KiB per client$/ as never,
  })
  const sending = await announce(8_000_000)
  await infoUntil('its buffer is counted', (info) => info.number('mem_clients_normal')! > 4_000_000)
  const [warns, fails] = [await server.look('MEM-007'), await server.look('MEM-007', { fail: 500 })]
  sending.destroy()
  expect(warns).toMatchObject({ status: 'warn', message: /^[\d.]+ MiB per client$/ as never })
  expect(fails.status).toBe('FAIL')
  await infoUntil('it is gone', (info) => info.number('mem_clients_normal')! < 1_000_000)

  await server.send([['CONFIG', 'SET', 'repl-diskless-sync-delay', '0']])
  const extraArgs = ['--replicaof', '127.0.0.1', String(server.sandbox.redis.port)]
  const replica = await startRedisServer({ watchdog: server.sandbox.watchdog, extraArgs })
  await infoUntil('it follows', (info) => /state=online/.test(info.text('slave0') ?? ''))
  replica.freeze()
  // More than the sockets between the two take; made by the server, so that nobody sends it.
  const ballast = `for i = 1, 40 do redis.call('SET', i, string.rep('x', 1000000)) end`
  await server.send([['EVAL', ballast, 0]])
  await infoUntil('it waits', (info) => info.number('mem_clients_slaves')! > 11 * 1024 ** 2)
  const behind = await server.look('MEM-007')
  await replica.stop()
  await server.send([['FLUSHALL']])
  expect(behind).toMatchObject({
    status: 'warn',
    message: /^[\d.]+ KiB per client, [\d.]+ MiB per replica$/ as never,
  })
  expect(behind.remediation.text).toMatch(/^A replica/)
})

/** A client that says how long its value is, for which the server makes room, and sends none of it. */
function announce(bytes: number): Promise<Socket> {
  return new Promise((ready, failed) => {
    const socket: Socket = connect(server.sandbox.redis.port, '127.0.0.1', () => {
      socket.write(`*3\r\n$3\r\nSET\r\n$1\r\na\r\n$${bytes}\r\nx`, () => ready(socket))
    }).on('error', failed)
  })
}

test('MEM-008: nothing swapped out, more than allowed, and a server that is not shown to be here', async () => {
  expect(await server.look('MEM-008')).toMatchObject({
    status: 'ok',
    message: 'all of it is in RAM',
    value: 0,
  })
  // Nobody can make a machine swap for a test.
  expect((await judgedBy({ warn: -1 }, swappedCheck, server.url)).status).toBe('warn')
  expect((await judgedBy({ warn: -2, fail: -1 }, swappedCheck, server.url)).status).toBe('FAIL')
  const said = String(await server.admin.send('INFO', 'server'))
  const as = (pattern: RegExp, instead: string) => processHere(parseInfo(said.replace(pattern, instead)))
  expect(await processHere(parseInfo(said))).not.toBeNull()
  // Another program, one that is not there, and one of the same name that was started at another time.
  expect(await as(/process_id:\d+/, `process_id:${process.pid}`)).toBeNull()
  expect(await as(/process_id:\d+/, 'process_id:999999999')).toBeNull()
  expect(await as(/uptime_in_seconds:\d+/, 'uptime_in_seconds:90000')).toBeNull()
})

test('a large server: its forks, its gaps, its peak', async () => {
  const [keys, bytes] = [60_000, 3000]
  await server.send([
    [
      'EVAL',
      `local value = string.rep('x', ${bytes}) for i = 1, ${keys} do redis.call('SET', i, value) end`,
      0,
    ],
    ['BGSAVE'],
  ])
  await infoUntil('it forked', (info) => info.number('rdb_bgsave_in_progress') === 0)
  const forks = [
    await server.look('PER-002', { warn: 90_000, fail: 90_000 }),
    await server.look('PER-002', { warn: 0, fail: 90_000 }),
    await server.look('PER-002', { warn: 0, fail: 0.001 }),
  ]
  expect(forks.map(({ status }) => status)).toEqual(['ok', 'warn', 'FAIL'])
  expect(forks[0]!.message).toMatch(/^the last took [\d.]+ ms, with at most 1[789]\d(?:\.\d)? MiB in use$/)
  // A flush does not make the fork before it slower.
  const [later, asked] = [
    parseInfo('latest_fork_usec:9000\r\nused_memory:1000000\r\nused_memory_peak:2147483648'),
    forkTimeCheck,
  ]
  const world = { info: () => Promise.resolve(later) } as World
  expect(await asked.run(server.admin, world, asked.threshold)).toMatchObject({ status: 'ok', value: 4.5 })

  expect(await server.look('MEM-006')).toMatchObject({
    status: 'ok',
    message: /^[\d.]+ MiB, [\d.]+ MiB now$/ as never,
  })
  await server.send([['EVAL', `for i = 1, ${keys} do if i % 10 >= 6 then redis.call('DEL', i) end end`, 0]])
  await infoUntil(
    'it has measured itself',
    (info) => info.number('allocator_frag_bytes')! > 20 * 1024 ** 2 && info.number('used_memory')! < 140e6,
  )
  const gaps = [
    await server.look('MEM-005'),
    await server.look('MEM-005', { fail: 1.11 }),
    await server.look('MEM-005', { warn: 100 }),
  ]
  expect(gaps.map(({ status }) => status)).toEqual(['warn', 'FAIL', 'ok'])
  expect(gaps[0]!.message).toMatch(/^1\.\d\d in gaps between values \([\d.]+ MiB\), \d\.\d\d in free pages/)
  expect(gaps[0]!.remediation.commands[0]).toMatch(/ CONFIG SET activedefrag yes$/)
  const whole = String(await server.admin.send('INFO', 'memory'))
  const pages = parseInfo(whole.replace(/(allocator_frag_bytes):\d+/, '$1:0'))
  const inPages = { info: () => Promise.resolve(pages) } as World
  expect(await allocatorCheck.run(server.admin, inPages, allocatorCheck.threshold)).toMatchObject({
    status: 'warn',
    remediation: { commands: ['redis-cli MEMORY PURGE'] },
  })
  const peaks = [
    await server.look('MEM-006'),
    await server.look('MEM-006', { warn: 1.55 }),
    await server.look('MEM-006', { fail: 1.55 }),
  ]
  expect(peaks.map(({ status }) => status)).toEqual(['ok', 'warn', 'FAIL'])
  expect(peaks[0]!.message).toMatch(/ now; the pages between may still be held$/)
})

test('MEM-005: an allocator that tells nothing is not judged', async () => {
  const other = String(await server.admin.send('INFO', 'memory')).replace(
    /mem_allocator:\S+/,
    'mem_allocator:libc',
  )
  const world = { info: () => Promise.resolve(parseInfo(other)) } as World
  expect(await allocatorCheck.run(server.admin, world, allocatorCheck.threshold)).toMatchObject({
    status: 'skip',
  })
})
