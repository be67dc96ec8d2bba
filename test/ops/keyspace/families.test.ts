import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/ops/config/load.js'
import { catalogueOf, type Catalogue } from '../../../src/ops/keyspace/families.js'
import { maskKey } from '../../../src/ops/keyspace/mask.js'
import type { DoctorReport } from '../../../src/ops/report/doctor-report.js'
import type { FamiliesReport } from '../../../src/ops/report/families-report.js'
import type { GetKeyReport } from '../../../src/ops/report/get-key-report.js'
import type { KeysReport } from '../../../src/ops/report/keys-report.js'
import type { PurgeReport } from '../../../src/ops/report/purge-report.js'
import { startServer, type TestServer } from './servers.js'

const DECLARED = `families:
  session: { pattern: 'app:session:{userId}', ttl: 900, type: hash, authorisation: true }
  cart: { pattern: '{tenant}:cart:{userId}', ttl: null, evictable: false }
  item: { pattern: 'app:{tenant}:item:{itemId}', ttl: 60, staleOk: true }
  flags: { pattern: 'app:flags', ttl: 30, type: null }
`

let redis: TestServer
let directory: string
let catalogue: Catalogue

beforeAll(async () => {
  redis = await startServer()
  directory = mkdtempSync(join(tmpdir(), 'cache-families-'))
  // Ends the search upwards.
  writeFileSync(join(directory, 'package.json'), '{}')
  writeFileSync(join(directory, 'cache.config.yaml'), DECLARED)
  catalogue = catalogueOf(await loadConfig({ directory, env: {} }))
})
afterAll(async () => {
  rmSync(directory, { recursive: true })
  await redis.stop()
})
beforeEach(async () => {
  await redis.server.client.send('FLUSHALL')
})

/** Ids that try to be another segment, a pattern, a word of a family or the hash of another id. */
const hostileId = fc.oneof(
  fc.constantFrom('*', '?', '[a-z]', '**', ':', 'a:b', '::', ':cart:', 'cart', 'session', 'flags', 'item'),
  fc.constantFrom(
    'copilot',
    'conv',
    '{userId}',
    '{}',
    '\\',
    '\\*',
    '%2A',
    '%',
    'sha256=x',
    '\u0000',
    '\n',
    '-',
    ' ',
  ),
  fc.constant('*:'.repeat(100)),
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.stringMatching(/^[a-c:*?[\]\\{}%]{1,12}$/),
)

/** A key of one of the families, and what it was made of. */
const builtKey = fc
  .nat()
  .chain((index) => {
    const family = catalogue.families[index % catalogue.families.length]!
    const values = fc.record(Object.fromEntries(family.pattern.parameters.map((name) => [name, hostileId])))
    return fc.tuple(fc.constant(family), values)
  })
  .map(([family, values]) => ({ family, values, key: family.pattern.build(values) }))

describe('hostile ids', () => {
  test('what is built is recognised, with the same ids, by its own family and no other', () => {
    fc.assert(
      fc.property(builtKey, ({ family, values, key }) => {
        const recognise = catalogue.families.filter(({ pattern }) => pattern.match(key) !== null)
        expect(recognise.map(({ id }) => id)).toEqual([family.id])
        expect(catalogue.classify(Buffer.from(key))).toBe(family)
        const hashed = Object.values(values).some(
          (value) => value.startsWith('sha256=') || value.length > 128,
        )
        if (!hashed) expect(family.pattern.match(key)).toEqual(values)
      }),
    )
  })

  test('any key is of the family whose pattern it follows', () => {
    const word = fc.constantFrom('app', 'copilot', 'conv', 'cart', 'item', 'session', 'flags')
    const segment = fc.oneof(word, fc.constantFrom('', '*', 'é', 'x', 'conv-config', 'convx', 'appxflags'))
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const key = segments.join(':')
        const family = catalogue.families.find(({ pattern }) => pattern.match(key) !== null)
        expect(catalogue.classify(Buffer.from(key))).toBe(family ?? null)
      }),
      { numRuns: 500, examples: [[['copilot', 'convx']], [['appxflags']], [['app', '', 'item', 'x']]] },
    )
    const bytes = Buffer.concat([Buffer.from('app:session:'), Buffer.from([0xff, 0xfe])])
    expect(catalogue.classify(bytes)?.id).toBe('session')
  })

  test('a real SCAN finds every key of a family; what else its glob lets through, the pattern rejects', async () => {
    const keys = new Map(
      fc.sample(builtKey, { numRuns: 300, seed: 7 }).map(({ key, family }) => [key, family.id]),
    )
    const others = catalogue.families.flatMap(({ pattern }) => {
      const key = pattern.scanPattern.replaceAll('*', 'x')
      return [`${key}:more`, `${key}:`, `x${key}`, key.replace(':', '::'), key.replaceAll('x', 'a:b')]
    })
    const orphans = others.filter((key) => catalogue.classify(Buffer.from(key)) === null)
    expect(orphans.length).toBeGreaterThan(catalogue.families.length * 3)
    await redis.fill([...keys.keys(), ...orphans].map((key) => ['SET', key, 'x'] as const))
    let rejected = 0
    for (const { id, pattern } of catalogue.families) {
      const [, found] = (await redis.server.client.send(
        'SCAN',
        0,
        'MATCH',
        pattern.scanPattern,
        'COUNT',
        10_000,
      )) as [string, string[]]
      const ours = found.filter((key) => pattern.match(key) !== null)
      rejected += found.length - ours.length
      expect(ours.sort()).toEqual([...keys].flatMap(([key, of]) => (of === id ? [key] : [])).sort())
    }
    expect(rejected).toBeGreaterThan(0)
  })
})

test.each([
  ['app:session:8c1f2a77d0', 'app:session:8c1***'],
  ['acme-corporation:cart:8c1f2a77d0', 'acm***:cart:8c1***'],
  ['app:acme-corporation:item:secret-item', 'app:acm***:item:sec***'],
  ['app:acme-corporation:other:secret-item', 'app:acm***:***:sec***'],
  ['acme-corporation:cart:secret-user:more', 'acm***:cart:sec***:***'],
  ['app:flags', 'app:flags'],
  // A pattern that begins with a parameter says nothing of keys that lack its word.
  ['session:old:4711', 'session:old:***'],
])('%s is shown as %s', (key, masked) => expect(maskKey(Buffer.from(key), catalogue)).toBe(masked))

describe('the command', () => {
  const cache = (args: string[], { cwd = directory, url = redis.named.url } = {}) => {
    const { REDIS_PASSWORD: _password, FORCE_COLOR: _colour, ...env } = process.env
    const run = spawnSync(process.execPath, [resolve('bin/run.js'), ...args], {
      cwd,
      env: { ...env, REDIS_URL: url },
      encoding: 'utf8',
    })
    return { code: run.status, stdout: run.stdout, stderr: run.stderr }
  }
  const jsonOf = <T>(run: { stdout: string }) => JSON.parse(run.stdout) as T

  test('families: the transcript, without a Redis', () => {
    const run = cache(['keys', 'families'], { url: '' })
    expect(run.code).toBe(0)
    expect(run.stdout.replace(directory, 'DIRECTORY')).toMatchInlineSnapshot(`
      "declared library

      family           keys, their SCAN pattern, and what holds of them
      auth.validation  copilot:auth:validation:{userId}
                       copilot:auth:validation:*
                       TTL 300s, string, evictable, authorisation
      conv             copilot:conv:{conversationId}
                       copilot:conv:*
                       TTL 60s, string, evictable, authorisation
      llm.policy       copilot:llm:policy:{tenantId}
                       copilot:llm:policy:*
                       TTL 300s, string, evictable, staleOk, authorisation
      ratelimit        copilot:ratelimit:{bucket}:{identifier}
                       copilot:ratelimit:*:*
                       each key has its own TTL, any type, not evictable
      conv-config      copilot:conv-config:{tenantId}
                       copilot:conv-config:*
                       TTL 300s, string, evictable, staleOk

      declared DIRECTORY/cache.config.yaml

      family   keys, their SCAN pattern, and what holds of them
      session  app:session:{userId}
               app:session:*
               TTL 900s, hash, evictable, authorisation
      cart     {tenant}:cart:{userId}
               *:cart:*
               each key has its own TTL, string, not evictable
      item     app:{tenant}:item:{itemId}
               app:*:item:*
               TTL 60s, string, evictable, staleOk
      flags    app:flags
               app:flags
               TTL 30s, any type, evictable
      "
    `)
    expect(Math.max(...run.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  test('families --json', () => {
    const run = cache(['keys', 'families', '--json'])
    expect(run.code).toBe(0)
    const { schema, file, families } = jsonOf<FamiliesReport>(run)
    expect({ schema, file }).toEqual({
      schema: 'cache.keys.families/1',
      file: join(directory, 'cache.config.yaml'),
    })
    expect(families.find(({ family }) => family === 'cart')).toEqual({
      family: 'cart',
      pattern: '{tenant}:cart:{userId}',
      scanPattern: '*:cart:*',
      ttlSeconds: null,
      type: 'string',
      evictable: false,
      staleOk: false,
      authorisation: false,
      declaredIn: file,
    })
    expect(families[0]).toMatchObject({ family: 'auth.validation', declaredIn: 'library' })
  })

  test('a family that cannot be used: exit 2, naming both, with and without --json', () => {
    const bad = mkdtempSync(join(tmpdir(), 'cache-families-bad-'))
    writeFileSync(join(bad, 'package.json'), '{}')
    writeFileSync(
      join(bad, 'cache.config.json'),
      '{"families":{"talk":{"pattern":"{tenant}:conv:{id}","ttl":1}}}',
    )
    try {
      const [text, json] = [[], ['--json']].map((more) => cache(['keys', 'families', ...more], { cwd: bad }))
      expect([text!.code, json!.code]).toEqual([2, 2])
      expect(text!.stderr).toMatch(/families\.talk\.pattern .* of conv of the library have keys in common/)
      expect(jsonOf<FamiliesReport>(json!).error).toMatchObject({ code: 'CONFIG_INVALID' })
    } finally {
      rmSync(bad, { recursive: true })
    }
  })

  test('keys counts a declared family and measures it against its own TTL and type', async () => {
    await fill()
    const run = cache(['keys', '--json', '--fail-on', 'wrong-type,ttl-above'])
    expect(run.code).toBe(1)
    const { families, orphans, findings } = jsonOf<KeysReport>(run)
    expect(families.filter(({ keys }) => keys > 0).map(({ family, keys }) => [family, keys])).toEqual([
      ['session', 3],
      ['cart', 1],
    ])
    expect(orphans.keys).toBe(1)
    expect(findings.map(({ rule, family, keys }) => [rule, family, keys.value])).toEqual([
      ['ttl-above', 'session', 1],
      ['wrong-type', 'session', 1],
      ['no-ttl', 'cart', 1],
      ['orphans', null, 1],
    ])
  })

  test('get tells its family, its ids masked, and what is wrong with it', async () => {
    await fill()
    const { family, parameters, notes } = jsonOf<GetKeyReport>(
      cache(['keys', 'get', 'app:session:string user', '--json']),
    )
    expect({ family, parameters }).toEqual({ family: 'session', parameters: { userId: 'str***' } })
    expect(notes).toEqual([expect.stringContaining('not of the type')])
  })

  test('doctor judges the keys of a declared family', async () => {
    await fill()
    const run = cache(['doctor', '--only', 'KEY-001', '--json'])
    const { checks } = jsonOf<DoctorReport>(run)
    expect(checks).toMatchObject([{ id: 'KEY-001', message: expect.stringContaining('cart 1') as string }])
  })

  test('purge deletes a declared family and nothing else', async () => {
    await fill()
    const { target } = redis.named
    const run = cache(['keys', 'purge', 'session', '--apply', '--confirm', target.name, '--json'])
    expect(run.code).toBe(0)
    expect(jsonOf<PurgeReport>(run)).toMatchObject({
      selection: { family: 'session' },
      result: { deleted: 3, complete: true },
    })
    expect(await redis.keys()).toEqual(new Set(['app:session:a:b', 'app:cart:u1']))
  })

  const fill = () =>
    redis.fill([
      ['HSET', 'app:session:hash-user', 'f', 'v'],
      ['EXPIRE', 'app:session:hash-user', 800],
      ['SET', 'app:session:string user', 'x', 'EX', 60],
      ['HSET', 'app:session:long-user', 'f', 'v'],
      ['EXPIRE', 'app:session:long-user', 5000],
      ['SET', 'app:cart:u1', 'x'],
      ['SET', 'app:session:a:b', 'x', 'EX', 60],
    ])
})
