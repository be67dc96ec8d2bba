import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { inAscii } from '../../src/cli/in-ascii.js'
import { plainTerminal } from '../../src/cli/terminal.js'
import { getKeyText } from '../../src/cli/views/keys-get.js'
import { ask } from '../../src/cli/views/keys-confirm.js'
import { formatEstimate, formatLifetime, formatMemory } from '../../src/cli/views/keys-parts.js'
import { describeProgress } from '../../src/cli/views/keys-progress.js'
import { keysText } from '../../src/cli/views/keys.js'
import type { FamilyReport, KeysReport, KindReport } from '../../src/ops/report/keys-report.js'
import { target } from './keys-target.js'

const kind: KindReport = {
  keys: 0,
  share: 0,
  sampled: 0,
  memoryBytes: { value: 0, margin: 0 },
  bytesSeen: null,
  largest: null,
  ttlSeenMs: null,
  withoutTtl: { value: 0, margin: 0 },
  types: {},
}

const family = (name: string, more: Partial<FamilyReport>): FamilyReport => ({
  family: name,
  pattern: `copilot:${name}:{id}`,
  ...kind,
  ttlDeclaredSeconds: 300,
  ttlAbove: null,
  wrongType: null,
  ...more,
})

const report: KeysReport = {
  schema: 'cache.keys/1',
  command: 'keys',
  verdict: 'fail',
  target,
  scan: {
    keysSeen: 1_013_054,
    repeated: 12,
    databaseKeys: 1_013_060,
    complete: true,
    cursor: '0',
    from: null,
    durationMs: 2100,
    match: null,
    family: null,
    noTtl: false,
    nodes: [],
    slotsUnserved: 0,
    slotsMoved: false,
  },
  sample: { perFamily: 1000, seed: 1, confidence: 0.95 },
  families: [
    family('auth.validation', {
      keys: 1_000_000,
      share: 0.98,
      sampled: 1000,
      bytesSeen: { p50: 181, p99: 410 },
      largest: { key: 'copilot:auth:validation:***', bytes: 1410 },
      memoryBytes: { value: 181_000_000, margin: 900_000 },
      ttlSeenMs: { p5: 12_000, p50: 150_000, p95: 296_000 },
      withoutTtl: { value: 0, margin: 3000 },
    }),
    family('conv', {
      keys: 13_000,
      share: 0.0128,
      sampled: 1000,
      memoryBytes: { value: 9_800_000, margin: 400_000 },
      ttlSeenMs: { p5: 41_000, p50: 50_000, p95: 31_449_600_000 },
      withoutTtl: { value: 390, margin: 130 },
      ttlDeclaredSeconds: 60,
    }),
    family('ratelimit', { ttlDeclaredSeconds: null }),
  ],
  orphans: {
    ...kind,
    keys: 54,
    share: 0.00005,
    sampled: 54,
    memoryBytes: { value: 3_300_000, margin: 0 },
    withoutTtl: { value: 54, margin: 0 },
    groups: [
      { pattern: 'session:old:*', keys: 40 },
      { pattern: 'temp:report:*', keys: 14 },
    ],
  },
  findings: [
    {
      rule: 'no-ttl',
      family: 'conv',
      keys: { value: 390, margin: 130 },
      fails: true,
      message: 'without a TTL: what is stale in there stays until somebody deletes it',
      examples: ['copilot:conv:8c1***', 'copilot:conv:\u001b[31m77f***'],
    },
    {
      rule: 'orphans',
      family: null,
      keys: { value: 54, margin: 0 },
      fails: false,
      message: 'of no family: no purge reaches them, and nobody declared their TTL',
      examples: [],
    },
  ],
  largest: [{ key: 'copilot:conv:8c1***', family: 'conv', type: 'string', bytes: 131_000, ttlMs: null }],
  cost: null,
  failOn: ['no-ttl'],
}

describe('cache keys', () => {
  test('a pass that fails', () =>
    expect(keysText(report, plainTerminal)).toMatchInlineSnapshot(`
      "target   redis-prod, 10.0.0.7:6379, db 0, Redis 7.0.15, master, counts as
               production
      pass     1,013,054 keys in 2.1 s (482,407/s), DBSIZE 1,013,060; up to 1,000 of
               each family measured (seed 1)

      family                keys   share          memory     TTL    p5..p95  no TTL
      auth.validation  1,000,000    98 %  ~172.6 MiB ±1%    300s  12s..296s  ≤3,000
      conv                13,000   1.3 %    ~9.3 MiB ±5%     60s  41s..364d    ~390
      ratelimit                0       -               -  varies          -       0
      (orphans)               54  <0.1 %         3.1 MiB       -          -      54

      memory per key     p50    p99  largest
      auth.validation  181 B  410 B  1.4 KiB

      FAIL     conv: ~390 ±130 keys without a TTL: what is stale in there stays until
               somebody deletes it, such as copilot:conv:8c1***, copilot:conv:77f***
               (no-ttl)
      warn     orphans: 54 keys of no family: no purge reaches them, and nobody
               declared their TTL (orphans)

      largest              family  type       memory   TTL
      copilot:conv:8c1***  conv    string  127.9 KiB  none

      orphans        keys
      session:old:*    40
      temp:report:*    14

      note     ~ ± ≤ are estimates from the sample (95 %); --sample all measures every
               key
      note     SCAN returns each key that is there from beginning to end; of those
               that came or went meanwhile it may miss some; 12 keys came twice and
               counted once

      FAIL     1,013,054 keys, 1 finding that --fail-on asks for"
    `))

  test('quiet', () =>
    expect(keysText(report, { ...plainTerminal, quiet: true })).toMatchInlineSnapshot(`
    "FAIL     conv: ~390 ±130 keys without a TTL: what is stale in there stays until
             somebody deletes it, such as copilot:conv:8c1***, copilot:conv:77f***
             (no-ttl)
    warn     orphans: 54 keys of no family: no purge reaches them, and nobody
             declared their TTL (orphans)

    FAIL     1,013,054 keys, 1 finding that --fail-on asks for"
  `))

  test('an empty database is said to be empty', () => {
    const scan = { ...report.scan, keysSeen: 0, databaseKeys: 0 }
    const text = keysText({ ...report, verdict: 'pass', scan, findings: [] }, plainTerminal)
    expect(text).toMatch(/^ok {7}the database is empty: there is nothing to judge$/m)
  })

  test('what the server would not say is said', () => {
    const orphans = { ...report.orphans, memoryBytes: null }
    expect(keysText({ ...report, orphans }, plainTerminal)).toMatch(
      /^note {5}the server did not tell .*MEMORY USAGE/m,
    )
  })

  test('the masters of a cluster, what is not served, and how to go on', () => {
    const node = { address: '10.0.0.7:6379', databaseKeys: 500, keysSeen: 490, complete: true, error: null }
    const error = {
      kind: 'environment' as const,
      code: 'REDIS_ECONNREFUSED',
      message: 'refused',
      suggestions: [],
    }
    const lost = {
      ...node,
      address: '10.0.0.8:6379',
      databaseKeys: null,
      keysSeen: 0,
      complete: false,
      error,
    }
    const cursor = 'abcdef01@77,12345678@0'
    const scan = { ...report.scan, complete: false, cursor, nodes: [node, lost], slotsUnserved: 5461 }
    const lines = keysText({ ...report, verdict: 'inconclusive', scan, error }, plainTerminal).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'master         keys  DBSIZE  pass',
        '10.0.0.7:6379   490     500  ok',
        '10.0.0.8:6379     0       -  FAIL REDIS_ECONNREFUSED: refused',
        `go on    --cursor ${cursor}`,
      ]),
    )
    expect(lines.join(' ')).toMatch(/note {5}5,461 slots of the cluster have no master/)
  })

  test('what commands were paid for', () => {
    const text = keysText({ ...report, cost: { foreseen: 4600, sent: 4100 } }, plainTerminal)
    expect(text).toMatch(/^cost {5}4,100 commands sent$/m)
  })

  test('half a pass is no total', () => {
    const scan = { ...report.scan, complete: false, keysSeen: 5000 }
    const text = keysText({ ...report, verdict: 'inconclusive', scan, interrupted: true }, plainTerminal)
    expect(text).toMatch(
      /^partial {2}stopped early after 5,000 keys of about 1,013,060: nothing here is a\n {9}total/m,
    )
  })
})

describe('cache keys get', () => {
  const found = {
    schema: 'cache.keys-get/1',
    command: 'keys get' as const,
    verdict: 'pass' as const,
    target,
    key: 'copilot:conv:8c1***',
    exists: true,
    family: 'conv',
    parameters: { conversationId: '8c1***' },
    type: 'string',
    ttl: { remainingMs: 41_000, declaredSeconds: 60 },
    memoryBytes: 400,
    length: 231,
    value: { kind: 'json' as const, summary: 'a JSON object with 5 fields' },
    notes: [],
  }

  test('a key that is there', () =>
    expect(getKeyText(found, plainTerminal)).toMatchInlineSnapshot(`
    "target   redis-prod, 10.0.0.7:6379, db 0, Redis 7.0.15, master, counts as
             production
    key      copilot:conv:8c1***
    family   conv, conversationId 8c1***
    type     string, 231 B, 400 B of memory
    ttl      expires in 41.0 s (declared 1 min)
    value    a JSON object with 5 fields; --show-value prints it

    ok       there it is"
  `))

  test('a value that is shown stays harmless and short', () => {
    const value = {
      kind: 'text' as const,
      summary: 'a text',
      text: `\u001b[2Jhello\u0007${'y'.repeat(10_000)}`,
    }
    const text = getKeyText({ ...found, value }, plainTerminal)
    expect(text).toContain('\nhelloyyy')
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
    expect(text.length).toBeLessThan(6000)
  })
})

test('nothing is wider than the terminal, and --ascii is', () => {
  for (const width of [60, 80]) {
    const terminal = { ...plainTerminal, width }
    const text = keysText(report, terminal)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
  }
  const ascii = { ...plainTerminal, ascii: true }
  expect(inAscii(keysText(report, ascii), ascii)).toMatch(/^[ -~\n]*$/)
})

test('numbers', () => {
  expect([400, 58_000, 300_000, 1_500_000, 90_000_000, 200_000_000].map(formatLifetime)).toEqual([
    '0.4s',
    '58s',
    '300s',
    '25m',
    '25h',
    '2d',
  ])
  expect(formatEstimate({ value: 0, margin: 39 })).toBe('≤39')
  expect(formatMemory(null)).toBe('-')
  expect(formatMemory({ value: 2048, margin: 0 })).toBe('2.0 KiB')
  expect(describeProgress({ phase: 'scanning', done: 1000, of: 5000, perSecond: 2000 })).toBe(
    'scanning: 1,000 of about 5,000 keys, 2,000/s, 2 s left',
  )
})

describe('the question', () => {
  const streams = () => ({ input: new PassThrough(), output: new PassThrough() })

  test('takes a line, trimmed', async () => {
    const { input, output } = streams()
    const answer = ask('Name? \u001b[31m', new AbortController().signal, { input, output })
    input.write('redis-prod \n')
    expect(await answer).toBe('redis-prod')
    expect(String(output.read())).toBe('Name? ')
  })

  test('an ended input is no answer, and Ctrl-C leaves', async () => {
    const first = streams()
    const answer = ask('Name? ', new AbortController().signal, first)
    first.input.end()
    expect(await answer).toBe('')
    expect(String(first.output.read())).toBe('Name? \n')
    const stop = new AbortController()
    const stopped = ask('Name? ', stop.signal, streams())
    stop.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
  })
})
