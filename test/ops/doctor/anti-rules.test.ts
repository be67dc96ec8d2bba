import { beforeAll, expect, test } from 'vitest'
import type { Command } from '../../../src/library/backends/operator.js'
import { memoryLimitCheck } from '../../../src/ops/doctor/checks/memory-limit.js'
import { parseInfo } from '../../../src/ops/doctor/info.js'
import { thresholdsOf } from '../../../src/ops/doctor/select.js'
import type { World } from '../../../src/ops/doctor/world.js'
import type { DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { times } from './commands.js'
import { ownServer } from './own-server.js'
import { check, doctor } from './run.js'

/** What experts do not flag (`reference/ops.md` §9), on a server that has just started, is full, and has one client. */
const server = ownServer()
let report: DoctorReport

beforeAll(async () => {
  const full: Command[] = [
    ...times(100, (index): Command => ['SET', `page:${index}`, 'x'.repeat(20_000), 'EX', 600]),
    ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
  ]
  for (const command of full) await server.admin.send(...command)
  const used = parseInfo(String(await server.admin.send('INFO', 'memory'))).number('used_memory')!
  await server.admin.send('CONFIG', 'SET', 'maxmemory', String(Math.floor(used * 0.98)))
  // More than enough to be judged, if it were up long enough; and all of them miss.
  await server.admin.pipeline(times(1500, (index): Command => ['GET', `gone:${index}`]))
  report = await doctor({ REDIS_URL: server.url }, { skip: ['LAT-001', 'LAT-003'] })
})

test('the hit ratio of a server that has just started is not judged', () => {
  expect(check(report, 'HIT-001')).toMatchObject({
    status: 'skip',
    message: expect.stringMatching(/until 10 minutes have passed, a cache fills$/) as string,
  })
})

test('fragmentation below 100 MB in use is not judged', () => {
  expect(check(report, 'MEM-004')).toMatchObject({
    status: 'skip',
    message: expect.stringMatching(/below 100 MiB it says nothing$/) as string,
  })
})

test('a full cache that evicts is ok, and Redis is up', async () => {
  const info = parseInfo(String(await server.admin.send('INFO', 'memory')))
  expect(info.number('used_memory')! / info.number('maxmemory')!).toBeGreaterThan(0.9)
  const found = check(report, 'MEM-001')
  expect(found).toMatchObject({
    status: 'ok',
    message: expect.stringMatching(/a cache that evicts may be full$/) as string,
  })
  expect(found.value).toBeGreaterThan(90)
  expect(report.impact.redis).toBe('up')
})

test('maxmemory 0 of a managed service, which does not tell its RAM, is not judged', async () => {
  const told = (ram: string) => {
    const world = {
      info: () => Promise.resolve(parseInfo(`maxmemory:0\r\nused_memory:70\r\n${ram}`)),
    } as World
    return memoryLimitCheck.run(server.admin, world, thresholdsOf({})(memoryLimitCheck))
  }
  expect((await told('')).status).toBe('skip')
  expect((await told('total_system_memory:0')).status).toBe('skip')
  expect((await told('total_system_memory:1000')).status).toBe('warn')
})

test('few clients are nothing to talk about', () => {
  expect(check(report, 'CLI-001').message).toMatch(/^\d of 10000/)
  const flagged = report.checks.filter(({ id, status }) => id.startsWith('CLI-') && /warn|FAIL/.test(status))
  expect(flagged).toEqual([])
})

test('a full cache that evicts what expires is ok while every key does, and never more than a warning while some do', async () => {
  const look = async () => {
    const found = await doctor({ REDIS_URL: server.url }, { only: ['MEM-001'] })
    return [check(found, 'MEM-001').status, found.impact.redis]
  }
  const fill = (name: string, ttl: string) =>
    server.admin.send(
      'EVAL',
      `for i = 1, 400 do redis.call('SET', '${name}:' .. i, string.rep('x', 4000)${ttl}) end`,
      0,
    )
  await server.send([['CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'volatile-lru'], ['FLUSHALL']])
  await fill('expiring', ", 'EX', 600")
  const used = parseInfo(String(await server.admin.send('INFO', 'memory'))).number('used_memory')!
  await server.send([['CONFIG', 'SET', 'maxmemory', String(Math.floor(used * 1.02))]])
  const expiring = await look()
  await server.send([['SET', 'lasting', '1']])
  const mixed = await look()
  await server.send([['FLUSHALL'], ['CONFIG', 'SET', 'maxmemory', '0']])
  await fill('lasting', '')
  await server.send([['CONFIG', 'SET', 'maxmemory', String(Math.floor(used * 1.02))]])
  expect([expiring, mixed, await look()]).toEqual([
    ['ok', 'up'],
    ['warn', 'up'],
    ['FAIL', expect.stringMatching(/up|half/)],
  ])
})
