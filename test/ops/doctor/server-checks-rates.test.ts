import { beforeEach, expect, test } from 'vitest'
import type { Command } from '../../../src/library/backends/operator.js'
import type { ServerCheck } from '../../../src/ops/doctor/check.js'
import type { Finding } from '../../../src/ops/doctor/finding.js'
import { cpuCheck } from '../../../src/ops/doctor/checks/cpu.js'
import { evictionsCheck } from '../../../src/ops/doctor/checks/evictions.js'
import { hitRatioCheck } from '../../../src/ops/doctor/checks/hit-ratio.js'
import { readInfo, type Info } from '../../../src/ops/doctor/info.js'
import { between, observe } from '../../../src/ops/doctor/interval.js'
import { thresholdsOf } from '../../../src/ops/doctor/select.js'
import type { World } from '../../../src/ops/doctor/world.js'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { busy, times } from './commands.js'
import { ownServer } from './own-server.js'
import { check, doctor } from './run.js'
import { seen } from './seen.js'

const server = ownServer()
beforeEach(() =>
  server.send([
    ['CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction'],
    ['FLUSHALL'],
    ['CONFIG', 'RESETSTAT'],
  ]),
)

/** The check on two real readings; `asOf` says what a test cannot wait for. */
async function during(
  checked: ServerCheck,
  meanwhile: () => Promise<unknown>,
  { thresholds = {}, asOf = (info: Info) => info, seconds = 0 } = {},
): Promise<Finding> {
  const read = await observe(server.admin, async () => void (await meanwhile()))
  const interval = between(asOf(read.before), asOf(read.after), seconds || read.seconds)
  const world = { interval: () => Promise.resolve(interval) } as World
  return seen(
    checked.id,
    await checked.run(server.admin, world, thresholdsOf({ [checked.id]: thresholds })(checked)),
  )
}

const small: Command[] = [
  ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
  ...times(50, (index) => ['SET', `old:${index}`, 'x'.repeat(20_000)]),
]

/** Everything is too much by now, so each key that comes evicts. */
async function squeeze(): Promise<void> {
  const used = (await readInfo(server.admin)).number('used_memory')!
  await server.send([['CONFIG', 'SET', 'maxmemory', String(used)]])
}

test('EVI-001: as much goes as comes, and more than comes', async () => {
  await server.send(small)
  await squeeze()
  const steady = await during(evictionsCheck, () =>
    server.send(times(20, (index) => ['SET', `new:${index}`, 'x'.repeat(20_000)])),
  )
  expect(steady).toMatchObject({ status: 'warn', message: /^\d+ keys within .*; 20 came in$/ as never })
  const shrinking = await during(evictionsCheck, async () => {
    await server.send([['CONFIG', 'SET', 'maxmemory', '1']])
    await server.send([['DEL', 'old:0']])
  })
  expect(shrinking).toMatchObject({ status: 'FAIL', message: /came in: the cache shrinks$/ as never })
})

const anHourLater = (info: Info): Info => ({
  ...info,
  number: (field) => (field === 'uptime_in_seconds' ? 3600 : info.number(field)),
})
const reads = (hits: number, misses: number) => () =>
  server.send([
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
  await server.send(times(30, (index) => ['SET', `copilot:conv:${index}`, '{}', 'EX', 60]))
  let meanwhile = 0
  const hits = async () => (await readInfo(server.admin)).number('keyspace_hits')!
  const before = await hits()
  const report = await doctor(
    { REDIS_URL: server.url },
    {
      only: ['KEY-001', 'EVI-001'],
      async pause() {
        const first = await hits()
        await new Promise((resolve) => setTimeout(resolve, 50))
        meanwhile = (await hits()) - first
      },
    },
  )
  expect(check(report, 'KEY-001').status).toBe('ok')
  // PTTL and TYPE of each.
  expect([(await hits()) - before, meanwhile]).toEqual([60, 0])
})

test('CPU-001: idle, busy, and too busy', async () => {
  const work = () => server.send([busy(100)])
  const seconds = 0.2
  expect(await during(cpuCheck, () => Promise.resolve(), { seconds })).toMatchObject({ status: 'ok' })
  for (const [thresholds, status] of [
    [{ warn: 5, fail: 9000 }, 'warn'],
    [{ warn: 4, fail: 5 }, 'FAIL'],
  ] as const) {
    expect(await during(cpuCheck, work, { seconds, thresholds })).toMatchObject({ status })
  }
})
