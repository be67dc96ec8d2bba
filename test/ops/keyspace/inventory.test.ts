import { beforeAll, describe, expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { families } from '../../../src/library/families/families.js'
import { inspectKeys } from '../../../src/ops/keyspace/inventory.js'
import { openServer } from '../../../src/ops/keyspace/server.js'
import type { KeysReport } from '../../../src/ops/report/keys-report.js'
import { until } from '../../support/clients.js'
import {
  catalogue,
  hostileConversations,
  hostileOrphans,
  mixedKeys,
  ownServer,
  startServer,
} from './servers.js'

const redis = ownServer()

const familyOf = (report: KeysReport, name: string) => report.families.find(({ family }) => family === name)!
const rulesOf = (report: KeysReport) => report.findings.map(({ rule, family }) => `${family ?? '-'} ${rule}`)

describe('20 000 mixed keys', () => {
  beforeAll(async () => {
    await redis.server.client.send('FLUSHALL')
    await redis.fill(mixedKeys())
  })

  test('every key counted once, every family measured exactly', async () => {
    const report = await inspectKeys(redis.server, redis.named, { catalogue })
    expect(report.scan).toMatchObject({ complete: true, cursor: '0', keysSeen: report.scan.databaseKeys })
    const counts = Object.fromEntries(report.families.map(({ family, keys }) => [family, keys]))
    expect(counts).toEqual({
      'auth.validation': 5000,
      conv: 12_050 + hostileConversations.length,
      'llm.policy': 203,
      ratelimit: 1000,
      'conv-config': 0,
    })
    expect(report.orphans.keys).toBe(1700 + hostileOrphans.length)
    expect(report.orphans.groups[0]).toEqual({ pattern: 'session:old:*', keys: 1700 })
    const conv = familyOf(report, 'conv')
    expect(conv.withoutTtl).toEqual({ value: 30, margin: 0 })
    expect(conv.ttlAbove).toEqual({ value: 20, margin: 0 })
    expect(conv.ttlSeenMs!.p95).toBeLessThanOrEqual(60_000)
    expect(conv.largest!.bytes).toBeGreaterThan(10_000)
    expect(familyOf(report, 'llm.policy').wrongType).toEqual({ value: 3, margin: 0 })
    expect(rulesOf(report)).toEqual([
      'conv no-ttl',
      'conv ttl-above',
      'llm.policy no-ttl',
      'llm.policy wrong-type',
      '- orphans',
    ])
    expect(report.verdict).toBe('pass')
    expect(JSON.stringify(report)).not.toMatch(/forever1|日本|\\u001b/)
  })

  test('a sample says what it does not know, and the same seed the same', async () => {
    const options = { catalogue, perFamily: 500, seed: 7 }
    const report = await inspectKeys(redis.server, redis.named, options)
    const conv = familyOf(report, 'conv')
    expect(conv).toMatchObject({ keys: 12_050 + hostileConversations.length, sampled: 500 })
    expect(Math.abs(conv.withoutTtl.value - 30)).toBeLessThanOrEqual(conv.withoutTtl.margin * 2)
    expect(conv.memoryBytes!.margin).toBeGreaterThan(0)
    expect(familyOf(report, 'llm.policy').withoutTtl).toEqual({ value: 3, margin: 0 })
    const again = await inspectKeys(redis.server, redis.named, options)
    expect(familyOf(again, 'conv').withoutTtl).toEqual(conv.withoutTtl)
  })

  test.each([
    [['orphans'], 'fail'],
    [['no-ttl'], 'fail'],
    [['wrong-type', 'ttl-above'], 'fail'],
    [[], 'pass'],
  ] as const)('--fail-on %j: %s', async (failOn, verdict) => {
    const report = await inspectKeys(redis.server, redis.named, { catalogue, failOn })
    expect(report.verdict).toBe(verdict)
    expect([...new Set(report.findings.filter(({ fails }) => fails).map(({ rule }) => rule))].sort()).toEqual(
      [...failOn].sort(),
    )
    if (failOn.some((rule) => rule !== ('orphans' as string))) expect(report.sample.perFamily).toBe('all')
  })

  test('one family, which a similar key is not', async () => {
    const report = await inspectKeys(redis.server, redis.named, { catalogue, family: families.conversation })
    expect(report.families.map(({ family }) => family)).toEqual(['conv'])
    expect(report.scan.keysSeen).toBe(12_050 + hostileConversations.length)
    expect(report.orphans.keys).toBe(0)
  })

  test('only keys without a TTL, each of which is measured', async () => {
    const lines: string[] = []
    const report = await inspectKeys(redis.server, redis.named, {
      catalogue,
      noTtl: true,
      perFamily: Infinity,
      onMeasured: (keys) => void lines.push(...keys.map(({ key }) => key.toString())),
    })
    const counts = report.families.map(({ family, keys }) => [family, keys])
    expect(counts.filter(([, keys]) => keys !== 0)).toEqual([
      ['conv', 30],
      ['llm.policy', 3],
    ])
    expect(report.orphans.keys).toBe(1700)
    expect(report.scan).toMatchObject({ keysSeen: 1733, complete: true, noTtl: true })
    expect(lines.toSorted()).toEqual(
      mixedKeys()
        .filter(([, , , ...ttl]) => ttl.length === 0)
        .map(([, key]) => key as string)
        .toSorted(),
    )
  })

  test('the largest keys over all families, as many as asked for, masked or not', async () => {
    const options = { catalogue, perFamily: Infinity, top: 3 }
    const { largest } = await inspectKeys(redis.server, redis.named, options)
    const sizes = largest.map(({ bytes }) => bytes)
    expect(largest).toHaveLength(3)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    expect(sizes[0]).toBeGreaterThan(10_000)
    expect(JSON.stringify(largest)).not.toMatch(/xxxxxxxx/)
    const shown = await inspectKeys(redis.server, redis.named, { ...options, showKeys: true })
    expect(shown.largest.map(({ key }) => key)).toContain(`copilot:conv:${'x'.repeat(10_000)}`)
    const none = await inspectKeys(redis.server, redis.named, { ...options, top: 0 })
    expect(none.largest).toEqual([])
  })

  test('what a pass that was stopped did not see, the next one sees from its cursor on', async () => {
    const seen = new Set<string>()
    const look = (more: { limit?: number; cursor?: string }) =>
      inspectKeys(redis.server, redis.named, {
        catalogue,
        perFamily: Infinity,
        onMeasured: (keys) => keys.forEach(({ key }) => seen.add(key.toString('latin1'))),
        ...more,
      })
    const first = await look({ limit: 6000 })
    expect(first.scan.complete).toBe(false)
    const { size } = seen
    const rest = await look({ cursor: first.scan.cursor })
    expect(rest.scan).toMatchObject({ complete: true, cursor: '0', from: first.scan.cursor })
    expect(rest.scan.keysSeen).toBeLessThanOrEqual(20_000 - size + 1000)
    expect(seen).toEqual(await redis.keys())
  })

  test.each([
    ['nonsense', 'BAD_CURSOR'],
    [`abcdef01@${2n ** 64n}`, 'BAD_CURSOR'],
    ['abcdef01@7', 'FOREIGN_CURSOR'],
  ])('a cursor that is not of this server is refused: %s', async (cursor, code) => {
    await expect(inspectKeys(redis.server, redis.named, { catalogue, cursor })).rejects.toMatchObject({
      code,
    })
  })

  test('a glob narrows', async () => {
    const report = await inspectKeys(redis.server, redis.named, { catalogue, match: 'session:old:1?' })
    expect(report.scan.keysSeen).toBe(10)
  })

  test('a limit or an abort leaves a partial report that proves nothing', async () => {
    const few = await inspectKeys(redis.server, redis.named, { catalogue, limit: 10 })
    expect(few.scan.keysSeen).toBeGreaterThanOrEqual(10)
    expect(few.scan.keysSeen).toBeLessThan(100)
    const limited = await inspectKeys(redis.server, redis.named, {
      catalogue,
      limit: 2000,
      failOn: ['wrong-type'],
    })
    expect(limited.scan).toMatchObject({ complete: false })
    expect(limited.scan.keysSeen).toBeLessThan(6000)
    expect(limited.scan.cursor).not.toBe('0')
    expect(['fail', 'inconclusive']).toContain(limited.verdict)

    const stop = new AbortController()
    const running = inspectKeys(redis.server, redis.named, { catalogue, gentle: true, signal: stop.signal })
    const commands = async () =>
      Number(/cmdstat_scan:calls=(\d+)/.exec(String(await watcher.send('INFO', 'commandstats')))?.[1] ?? 0)
    const watcher = await createOperatorClient({ url: redis.named.url })
    const before = await commands()
    await until('some pages', async () => (await commands()) > before + 3)
    stop.abort()
    const aborted = await running
    expect([few.verdict, aborted.verdict]).toEqual(['pass', 'inconclusive'])
    watcher.close()
    expect(aborted).toMatchObject({ interrupted: true, scan: { complete: false } })
    expect(aborted.scan.keysSeen).toBeGreaterThan(0)
    expect(aborted.scan.keysSeen).toBeLessThan(20_000)
  })
})

test('what no key was measured for is unknown, and not nothing', async () => {
  const { client } = redis.server
  await client.send('FLUSHALL')
  await client.send('SET', 'copilot:conv:1', 'x')
  await client.send('ACL', 'SETUSER', 'blind', 'on', '>pw', '~*', '+@all', '-type')
  const named = { ...redis.named, url: redis.named.url.replace('//', '//blind:pw@') }
  const blind = await openServer(named)
  const report = await inspectKeys(blind, named, { catalogue })
  blind.close()
  expect(report).toMatchObject({ verdict: 'inconclusive', error: { code: 'REDIS_NOPERM' } })
  expect(familyOf(report, 'conv')).toMatchObject({
    keys: 1,
    sampled: 0,
    memoryBytes: null,
    withoutTtl: { value: 0, margin: 1 },
  })
})

test('keys that come and go meanwhile: those that were there throughout are all counted, once', async () => {
  const { client } = redis.server
  await client.send('FLUSHALL')
  await redis.fill(
    Array.from(
      { length: 5000 },
      (_, index) => ['SET', `copilot:conv:stays${index}`, '{}', 'EX', 50] as const,
    ),
  )
  const writer = await createOperatorClient({ url: redis.named.url })
  let writing = true
  const writes = (async () => {
    const key = (index: number) => `copilot:llm:policy:r${index}`
    // Growing and shrinking makes the server rehash, which is when SCAN repeats keys.
    while (writing) {
      await writer.pipeline(Array.from({ length: 3000 }, (_, index) => ['SET', key(index), '1'] as const))
      await writer.send('UNLINK', ...Array.from({ length: 3000 }, (_, index) => key(index)))
    }
  })()
  for (let round = 0; round < 3; round++) {
    const report = await inspectKeys(redis.server, redis.named, { catalogue, perFamily: 200 })
    expect(familyOf(report, 'conv').keys).toBe(5000)
    expect(report.scan.complete).toBe(true)
  }
  writing = false
  await writes
  writer.close()
})

test('a key that SCAN returns again counts once', async () => {
  const { client } = redis.server
  await client.send('FLUSHALL')
  await redis.fill(
    Array.from({ length: 2500 }, (_, index) => ['SET', `copilot:conv:${index}`, '{}', 'EX', 50] as const),
  )
  // Whether SCAN repeats keys is up to the server's hash table; here it does so for certain.
  const repeating = Object.create(client, { exchange: { value: null } }) as typeof client
  repeating.send = (...command) => client.send(...command)
  repeating.pipeline = (commands) => client.pipeline(commands)
  repeating.sendBytes = async (...command) => {
    const [cursor, keys] = (await client.sendBytes(...command)) as [Buffer, Buffer[]]
    return [cursor, [...keys, ...keys.slice(0, 10)]]
  }
  const nodes = redis.server.nodes.map((node) => ({ ...node, client: repeating }))
  const report = await inspectKeys({ ...redis.server, nodes }, redis.named, { catalogue })
  expect(familyOf(report, 'conv')).toMatchObject({ keys: 2500, sampled: 2500 })
  expect(report.scan.repeated).toBeGreaterThanOrEqual(10)
})

test('a server that hangs in the middle: what was seen until then, and why there is no more', async () => {
  const own = await startServer()
  await own.fill(
    Array.from({ length: 20_000 }, (_, index) => ['SET', `copilot:conv:c${index}`, '{}'] as const),
  )
  let frozen = false
  const running = inspectKeys(own.server, own.named, {
    catalogue,
    gentle: true,
    onEvent: () => {
      if (!frozen) own.sandbox.redis.freeze()
      frozen = true
    },
  })
  const report = await running
  own.sandbox.redis.thaw()
  expect(frozen).toBe(true)
  expect(report).toMatchObject({
    verdict: 'inconclusive',
    error: { kind: 'environment', code: 'REDIS_TIMEOUT' },
    scan: { complete: false },
  })
  expect(report.scan.keysSeen).toBeGreaterThan(0)
  await own.stop()
})
