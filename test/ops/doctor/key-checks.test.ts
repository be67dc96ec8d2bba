import { beforeEach, describe, expect, test } from 'vitest'
import type { Command } from '../../../src/library/backends/operator.js'
import { catalogueOf } from '../../../src/ops/keyspace/families.js'
import { sampleKeys } from '../../../src/ops/keyspace/sample-keys.js'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import { startUpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'
import { times } from './commands.js'
import { ownServer } from './own-server.js'
import { check, doctor } from './run.js'

const IDS = ['KEY-001', 'KEY-002', 'KEY-003', 'KEY-004', 'KEY-005', 'KEY-006', 'KEY-008']
const says = (pattern: RegExp) => expect.stringMatching(pattern) as string

const server = ownServer()
beforeEach(() =>
  server.send([
    ['CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'lfu-log-factor', '10'],
    ['ACL', 'DELUSER', 'app'],
    ['FLUSHALL'],
  ]),
)

const string = (key: string, bytes: number): Command[] => [
  ['SETRANGE', key, bytes - 1, 'x'],
  ['EXPIRE', key, 60],
]
const members = (key: string, command: string, count: number, word = 'i'): Command => [
  'EVAL',
  `for i = 1, ${count} do redis.call('${command}', KEYS[1], ${word}) end`,
  1,
  key,
]

describe('a keyspace in a state', () => {
  interface Row {
    state: string
    given: Command[]
    expected: Record<string, CheckStatus>
    says?: RegExp[]
  }

  test.each<Row>([
    {
      state: 'empty',
      given: [],
      expected: Object.fromEntries(IDS.map((id) => [id, 'skip'])),
      says: [/no string; every key looked at \(0\)/, /no key in any database/],
    },
    {
      state: 'as it should be',
      given: [
        ...string('copilot:conv:1', 90_000),
        members('others:hash', 'HSET', 5000, 'i, i'),
        members('others:list', 'RPUSH', 1000),
      ],
      expected: { 'KEY-001': 'ok', 'KEY-002': 'ok', 'KEY-003': 'ok', 'KEY-004': 'ok', 'KEY-005': 'ok' },
      says: [
        /^1 of at most 87.9 KiB; every key looked at \(3\)$/m,
        /^2, none too large;/m,
        /^the longest has 14 B;/m,
        /^keys in db0 3 only$/m,
      ],
    },
    {
      state: 'larger than it should be',
      given: [
        ...string('copilot:conv:secret-id', 200_000),
        ...string('secret-id:string', 150_000),
        members('secret-id:hash', 'HSET', 5001, 'i, i'),
        members('secret-id:set', 'SADD', 1001),
        members('secret-id:zset', 'ZADD', 1001, 'i, i'),
        members('secret-id:stream', 'XADD', 1001, "'*', 'a', 'b'"),
        ...string(`copilot:conv:secret-id${'x'.repeat(600)}`, 1),
      ],
      expected: { 'KEY-001': 'ok', 'KEY-002': 'warn', 'KEY-003': 'warn', 'KEY-004': 'warn' },
      says: [
        /^2 of 3 are larger than 97.7 KiB: conv 1, \(orphans\) 1; the largest has 195.3 KiB/m,
        /^4 of 4 have too many members: \(orphans\) 4; the largest, a hash, has 5001/m,
        /^1 of 7 are longer than 512 B: conv 1; the longest has 622 B/m,
      ],
    },
    {
      state: 'far too large',
      given: [
        ...string('copilot:conv:secret-id', 1_048_577),
        members('secret-id:set', 'SADD', 100_001),
        ['SET', 'x'.repeat(32_769), ''],
      ],
      expected: { 'KEY-002': 'FAIL', 'KEY-003': 'FAIL', 'KEY-004': 'FAIL' },
    },
    {
      state: 'without TTLs, with longer ones, and all at once',
      given: [
        ['SET', 'copilot:conv:secret-id', '{}'],
        ['SET', 'copilot:llm:policy:secret-id', '{}', 'EX', 86_400],
        ...times(120, (index): Command => ['SET', `secret-id:${index}`, '', 'EX', 60]),
      ],
      expected: { 'KEY-001': 'FAIL', 'KEY-006': 'warn', 'KEY-008': 'FAIL' },
      says: [
        /^120 of 121 \(99 %\) expire within one second, .*: \(orphans\) 120; Redis removes them at once/m,
      ],
    },
  ])('$state', async ({ given, expected, says: sentences = [] }) => {
    await server.send(given)
    const report = await doctor({ REDIS_URL: server.url }, { only: Object.keys(expected) })
    const found = Object.keys(expected).map((id) => [id, check(report, id).status])
    expect(Object.fromEntries(found)).toEqual(expected)
    const messages = report.checks.map(({ message }) => message).join('\n')
    for (const sentence of sentences) expect(messages).toMatch(sentence)
    expect(JSON.stringify(report)).not.toMatch(/secret-id|xxx/)
  })

  test('KEY-005: several databases are told, and judged where the project says how many', async () => {
    await server.send([
      ['SET', 'a', ''],
      ['SELECT', 3],
      ['SET', 'a', ''],
      ['SET', 'b', ''],
      ['SELECT', 0],
    ])
    const judged = async (numbers: { warn?: number; fail?: number }) => {
      const thresholds = { 'KEY-005': numbers }
      return check(
        await doctor({ REDIS_URL: `${server.url}/3` }, { only: ['KEY-005'], thresholds }),
        'KEY-005',
      )
    }
    expect(await judged({})).toMatchObject({
      status: 'ok',
      value: 2,
      message: says(/^keys in 2 \(db0 1, db3 2\), and this application uses db3:/),
    })
    expect([(await judged({ warn: 1 })).status, (await judged({ fail: 1 })).status]).toEqual(['warn', 'FAIL'])
  })

  test('thresholds of the project hold; a hash has five times the room', async () => {
    await server.send([...string('copilot:conv:1', 20_000), members('hash', 'HSET', 700, 'i, i')])
    const judged = async (numbers: { warn?: number; fail?: number }) => {
      const thresholds = { 'KEY-002': numbers, 'KEY-003': numbers, 'KEY-004': numbers }
      const report = await doctor({ REDIS_URL: server.url }, { only: Object.keys(thresholds), thresholds })
      return report.checks.map(({ status }) => status)
    }
    expect(await judged({ warn: 150 })).toEqual(['warn', 'ok', 'ok'])
    expect(await judged({ warn: 13 })).toEqual(['warn', 'warn', 'warn'])
    expect(await judged({ fail: 600, warn: 600 })).toEqual(['FAIL', 'FAIL', 'ok'])
  })
})

describe('what the server does not tell', () => {
  const asUser = async (...rights: string[]) => {
    await server.send([
      ['SET', 'copilot:conv:1', '{}', 'EX', 60],
      ['SET', 'other', '{}'],
      ['ACL', 'SETUSER', 'app', 'on', '>pw-canary', '+ping', '+client', '+hello', '+auth', ...rights],
    ])
    const report = await doctor(
      { REDIS_URL: server.url.replace('//', '//app:pw-canary@') },
      { only: [...IDS, 'KEY-007'] },
    )
    expect(JSON.stringify(report)).not.toContain('canary')
    return (id: string) => check(report, id)
  }

  test('nothing: every check is skipped with the privileges that it takes', async () => {
    const found = await asUser('~*')
    for (const [id, privileges] of [
      ['KEY-001', '+scan (%R~* +pttl)'],
      ['KEY-002', '+scan (%R~* +memory|usage +strlen +type)'],
      ['KEY-003', '+scan (%R~* +hlen +llen +memory|usage +scard +type +xlen +zcard)'],
      ['KEY-004', '+scan'],
      ['KEY-005', '+info'],
      ['KEY-006', '+scan (%R~* +pttl)'],
      ['KEY-007', '+config|get +info +scan (%R~* +object|freq)'],
      ['KEY-008', '+scan (%R~* +pttl)'],
    ] as const) {
      expect(found(id)).toMatchObject({ status: 'skip', message: says(/does not let this user look/) })
      expect(found(id).remediation.text.split(': ')[1]).toBe(privileges)
    }
  })

  test('one thing of each key: only what needs it is skipped', async () => {
    const found = await asUser('~*', '+scan', '+type')
    expect([found('KEY-004').status, found('KEY-001').status, found('KEY-002').status]).toEqual([
      'ok',
      'skip',
      'skip',
    ])
    const withLengths = await asUser('+pttl', '+strlen')
    expect([withLengths('KEY-001').status, withLengths('KEY-002').status]).toEqual(['ok', 'ok'])
  })

  test('some keys: the others are judged, and these counted', async () => {
    const found = await asUser('~copilot:*', '+@all')
    expect(found('KEY-001')).toMatchObject({
      status: 'ok',
      message: says(/^1 of 1; every key looked at \(2\)$/),
    })
    expect(found('KEY-002')).toMatchObject({
      status: 'ok',
      message: says(/every key looked at \(2\), and 1 more that the server does not tell of$/),
    })
  })
})

describe('the sample', () => {
  const sampled = (bounds: { maxKeys: number; maxMs: number }) =>
    sampleKeys(server.admin, {
      catalogue: catalogueOf(),
      memory: true,
      counters: false,
      signal: new AbortController().signal,
      ...bounds,
    })

  test('ends at its number of keys, and at its time; each key is in it once', async () => {
    await server.send(times(1000, (index): Command => ['SET', `copilot:conv:${index}`, '{}', 'EX', 60]))
    const some = await sampled({ maxKeys: 300, maxMs: 10_000 })
    expect(some.complete).toBe(false)
    expect(some.looked).toBeGreaterThanOrEqual(300)
    expect(some.looked).toBeLessThan(600)
    expect((await sampled({ maxKeys: 1000, maxMs: 0 })).looked).toBeLessThan(300)
    expect(some.total).toBe(1000)
    const all = await sampled({ maxKeys: 2000, maxMs: 10_000 })
    expect(all).toMatchObject({ looked: 1000, complete: true, refusals: {} })
    expect(all.keys).toHaveLength(1000)
  })

  test('of one node of a cluster is none of the others', async () => {
    const node = await startRedisServer({
      watchdog: server.sandbox.watchdog,
      extraArgs: ['--cluster-enabled', 'yes'],
    })
    const report = await doctor({ REDIS_URL: node.url }, { only: ['KEY-004'] })
    await node.stop()
    expect(check(report, 'KEY-004').message).toBe('no key; every key of this node looked at (0)')
  })

  test('is no use of the small keys that it looks at', async () => {
    await server.send([['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu', 'lfu-log-factor', '0']])
    await server.send([
      ['SET', 'small', 'x'.repeat(5000)],
      members('few', 'SADD', 50),
      ...string('large', 50_000),
    ])
    const counters = () =>
      Promise.all(['small', 'few', 'large'].map((key) => server.admin.send('OBJECT', 'FREQ', key)))
    const before = await counters()
    await sampled({ maxKeys: 100, maxMs: 10_000 })
    const [small, few, large] = await counters()
    expect([small, few]).toEqual(before.slice(0, 2))
    expect(large).toBe(Number(before[2]) + 1)
  })
})

describe('Upstash', () => {
  const asked = async (given: Command[], token = 'token-canary') => {
    await server.send(given)
    const endpoint = await startUpstashEndpoint({ redisUrl: server.url, token: 'token-canary' })
    try {
      const environment = { UPSTASH_REDIS_REST_URL: endpoint.url, UPSTASH_REDIS_REST_TOKEN: token }
      const report = await doctor(environment, { only: IDS })
      expect(JSON.stringify(report)).not.toMatch(/canary|secret-id/)
      return report.checks.map(({ id, status, message }) => ({ id, status, message }))
    } finally {
      await endpoint.stop()
    }
  }
  const statusesOf = (found: { status: string }[]) => found.map(({ status }) => status)

  test('keys as they should be, and not', async () => {
    const found = await asked([
      ...string('copilot:conv:secret-id', 90_000),
      members('secret-id', 'SADD', 10),
      ['SET', Buffer.from([0xff, 0xfe]), 'no text'],
    ])
    expect(statusesOf(found)).toEqual(['ok', 'ok', 'ok', 'ok', 'skip', 'skip', 'ok'])
    expect(found[1]!.message).toBe(
      '1 of at most 87.9 KiB; every key looked at (3), and 1 more that the server does not tell of',
    )
    await server.send([['FLUSHALL']])
    const bad = await asked([
      ['SETRANGE', 'copilot:conv:secret-id', 1_100_000, 'x'],
      members('secret-id', 'SADD', 1001),
      ['SET', 'x'.repeat(600), ''],
    ])
    expect(statusesOf(bad)).toEqual(['FAIL', 'FAIL', 'warn', 'warn', 'skip', 'skip', 'skip'])
  })

  test('keys that are no text cannot be asked about: neither ok nor broken', async () => {
    const found = await asked([['SET', Buffer.from([0xff, 0xfe]), 'no text']])
    expect(statusesOf(found)).toEqual(['skip', 'skip', 'skip', 'ok', 'skip', 'skip', 'skip'])
  })

  test('another token: skipped, because it is away', async () => {
    for (const { status, message } of (await asked([], 'other')).filter(({ id }) => id !== 'KEY-005')) {
      expect([status, message]).toEqual(['skip', says(/does not accept this token \(CON-001\)$/)])
    }
  })
})
