import { beforeEach, expect, test } from 'vitest'
import type { Command } from '../../../src/library/backends/operator.js'
import { hotKeyCheck } from '../../../src/ops/doctor/checks/hot-key.js'
import type { Finding } from '../../../src/ops/doctor/finding.js'
import { between } from '../../../src/ops/doctor/interval.js'
import { SAMPLE } from '../../../src/ops/doctor/key-sample.js'
import { openWorld } from '../../../src/ops/doctor/open-world.js'
import { catalogueOf } from '../../../src/ops/keyspace/families.js'
import { sampleKeys } from '../../../src/ops/keyspace/sample-keys.js'
import { times } from './commands.js'
import { ownServer } from './own-server.js'
import { check, doctor, placeOf } from './run.js'
import { seen } from './seen.js'

const says = (pattern: RegExp) => expect.stringMatching(pattern) as string

const server = ownServer()
beforeEach(() =>
  server.send([
    ['CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'lfu-log-factor', '10', 'lfu-decay-time', '1'],
    ['ACL', 'DELUSER', 'app'],
    ['FLUSHALL'],
  ]),
)

const LFU: Command = ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu']
/** Every use counts, so that 250 of them reach the end. */
const ALL_COUNT: Command = ['CONFIG', 'SET', 'lfu-log-factor', '0']
const uses = (key: string, count: number) => times(count, (): Command => ['GET', key])

/** As if it were within one second. */
async function during(
  meanwhile: Command[],
  { maxKeys = SAMPLE.maxKeys, ...threshold }: { warn: number; fail?: number; maxKeys?: number },
): Promise<Finding> {
  const { world, close } = openWorld({
    ...placeOf({ REDIS_URL: server.url }),
    sampleKeys: (client, options) => sampleKeys(client, { catalogue: catalogueOf(), ...options, maxKeys }),
    pause: () => server.send(meanwhile),
  })
  try {
    const { before, after } = await world.interval()
    const asked = { ...world, interval: () => Promise.resolve(between(before, after, 1)) }
    const { client } = await world.reach()
    return seen('KEY-007', await hotKeyCheck.run(client!, asked, { fail: null, source: '', ...threshold }))
  } finally {
    close()
  }
}

const filled = (...settings: Command[]) =>
  server.send([
    ...settings,
    ...times(20, (index): Command => ['SET', `copilot:conv:${index}`, '{}', 'EX', 60]),
  ])

test('all keys together have no more than one may have', async () => {
  await filled()
  expect(await during(uses('copilot:conv:1', 300), { warn: 300 })).toEqual({
    status: 'ok',
    message: '300 operations per second on all keys together',
    value: 300,
  })
})

test('one key takes it all: a warning, and a failure where the project says so', async () => {
  await filled(LFU, ALL_COUNT)
  const warned = await during(uses('copilot:conv:1', 400), { warn: 300 })
  expect(warned).toMatchObject({
    status: 'warn',
    message: says(/^400 operations .*; about 400 on one key \(conv 1\), whose LFU counter is at its end$/),
  })
  expect((await during(uses('copilot:conv:1', 400), { warn: 300, fail: 350 })).status).toBe('FAIL')
  const missing = [...uses('copilot:conv:1', 400), ...uses('gone', 400)]
  expect(await during(missing, { warn: 450 })).toMatchObject({
    status: 'unknown',
    message: says(/^800 operations .*; about 400 on one key/),
  })
  await server.send([
    ['SELECT', 1],
    ['SET', 'another', ''],
    ['SELECT', 0],
  ])
  expect(await during(uses('copilot:conv:1', 400), { warn: 300 })).toMatchObject({
    status: 'unknown',
    message: says(/one key \(conv 1\) is at its end; there are other databases/),
  })
})

test.each<[string, Command[], number, string, RegExp]>([
  ['without an LFU policy', [], 1, 'skip', /only counted under an LFU policy/],
  [
    'when two may share it',
    [LFU, ALL_COUNT],
    2,
    'unknown',
    /about 300 on each of 2 keys \(conv 2\).*, if they/,
  ],
  ['when no counter is at its end', [LFU], 1, 'unknown', /no LFU counter is at its end; every key looked at/],
  [
    'when counters never fall',
    [LFU, ALL_COUNT, ['CONFIG', 'SET', 'lfu-decay-time', '0']],
    1,
    'unknown',
    /do not fall/,
  ],
])('not judged %s', async (_when, settings, keys, status, message) => {
  await filled(...settings)
  const asked = Array.from({ length: keys }, (_, index) => uses(`copilot:conv:${index}`, 300)).flat()
  const found = await during(asked, { warn: keys * 300 - 1 })
  expect(found).toMatchObject({ status, message: says(message) })
  expect(found.remediation?.text).toContain('HOTKEYS')
})

test('not judged when a part of the keys was looked at, however hot', async () => {
  await filled(LFU)
  const value = (await server.admin.sendBytes('DUMP', 'copilot:conv:1')) as Buffer
  await server.send([
    ['FLUSHALL'],
    ...times(1000, (index): Command => ['RESTORE', `copilot:conv:${index}`, 0, value, 'FREQ', 255]),
  ])
  expect(await during(uses('copilot:conv:1', 300), { warn: 0, maxKeys: 1 })).toMatchObject({
    status: 'unknown',
    message: says(/LFU counter of each of \d+ keys \(conv \d+\) is at its end; \d+ of 1000 keys looked at$/),
  })
})

test('skipped where the user may not read the counters', async () => {
  await filled(LFU, ALL_COUNT, ...uses('copilot:conv:1', 300))
  await server.send([['ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '+@all', '-object|freq']])
  const report = await doctor(
    { REDIS_URL: server.url.replace('//', '//app:pw@') },
    {
      only: ['KEY-007'],
      thresholds: { 'KEY-007': { warn: 1 } },
      pause: () => server.send(uses('copilot:conv:1', 300)),
    },
  )
  expect(check(report, 'KEY-007')).toMatchObject({ status: 'skip', message: says(/object/) })
})
