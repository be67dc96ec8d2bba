import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditKeysText } from '../../../src/cli/views/audit-keys.js'
import { plainTerminal } from '../../../src/cli/terminal.js'
import { allFamilies } from '../../../src/library/families/families.js'
import { declareFamily } from '../../../src/library/families/family.js'
import { audit } from '../../../src/ops/audit/audit.js'
import type { KeyFamily } from '../../../src/ops/audit/families.js'
import { keysInCode } from '../../../src/ops/audit/keys-in-code.js'
import type { KeysInCodeReport } from '../../../src/ops/report/keys-in-code-report.js'

const CODE = `import Redis from 'ioredis'
import { Ratelimit } from '@upstash/ratelimit'
import { Keys, Kind } from './keys'
const redis = new Redis()
const own = new Redis({ keyPrefix: 'app:' })
const PREFIX = 'app:item'
export const limiter = new Ratelimit({ redis, prefix: 'app:limit' })
export const a = (id: string) => redis.set(Keys.session(id), 'x', 'EX', 90)
export const b = (id: string) => redis.get(\`\${PREFIX}:\${id}\`)
export const c = (id: string) => redis.setex(['app', Kind.Part, id].join(':'), 60, 'x')
export const d = (id: string) => own.del('other:' + id)
export const e = () => redis.get('app:one')
async function put(key: string) { await redis.set(key, 'x', 'EX', 5) }
export const f = (id: string) => put(build('via', id))
const build = (...parts: string[]) => ['app', ...parts].join(':')
export const g = (key: string) => redis.get(key)
export const h = (id: string) => redis.mget([Keys.session(id), 'app:two'])
`
const KEYS = `export const Keys = { session: (id: string) => \`app:session:\${id}\` }
export enum Kind { Part = 'part' }
`

const own = (id: string, pattern: string): KeyFamily => ({
  ...declareFamily({ id, pattern, ttlSeconds: 60 }),
  declaredIn: 'cache.config.json',
})
const families: KeyFamily[] = [
  ...allFamilies.map((each) => ({ ...each, declaredIn: 'library' })),
  own('session', 'app:session:{userId}'),
  own('part', 'app:part:{id}'),
  own('gone', 'app:gone:{id}'),
]

let cwd = ''
let report: KeysInCodeReport
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'cache-keys-in-code-'))
  writeFileSync(join(cwd, 'a.ts'), CODE)
  writeFileSync(join(cwd, 'keys.ts'), KEYS)
  report = await keysInCode({ paths: ['.'], cwd, families, failOn: 'warn' })
})
afterAll(() => rmSync(cwd, { recursive: true }))

describe('keys in the code', () => {
  test('are spelt through constants, enums, builders, prefixes, wrappers and imports', () => {
    expect(report.patterns.map(({ pattern }) => pattern)).toEqual([
      'app:item:*',
      'app:limit:*',
      'app:one',
      'app:other:*',
      'app:part:*',
      'app:session:*',
      'app:two',
      'app:via:*',
    ])
  })
  test('that are made elsewhere are counted, and not guessed', () => {
    expect(report.outOfSight).toMatchObject([{ file: 'a.ts', line: 16, command: 'get', access: 'read' }])
  })
  test('are held against the families', () => {
    const found = report.families.filter(({ declaredIn }) => declaredIn !== 'library')
    expect(found.map(({ family, used, ttlWrittenSeconds }) => [family, used, ttlWrittenSeconds])).toEqual([
      ['session', true, [90]],
      ['part', true, [60]],
      ['gone', false, []],
    ])
    expect(report.summary).toMatchObject({ undeclared: 2, unused: 1, mismatched: 1 })
    expect(report.verdict).toBe('fail')
  })
  test('fail nothing where only errors fail, or nobody declares a family', async () => {
    expect((await keysInCode({ paths: ['.'], cwd, families })).verdict).toBe('pass')
    const none = families.filter(({ declaredIn }) => declaredIn === 'library')
    expect((await keysInCode({ paths: ['.'], cwd, families: none, failOn: 'warn' })).verdict).toBe('pass')
  })
})

test('R12 says what the families make of a write', async () => {
  const { findings } = await audit({ paths: ['.'], cwd, families, rules: ['R12'] })
  expect(findings.map(({ line, message }) => `${line} ${message.slice(0, 44)}`)).toEqual([
    '8 This gives a key of session 90 s, its family',
  ])
})

test('against Redis: what no code writes, what was not seen', async () => {
  const live = await keysInCode({
    paths: ['.'],
    cwd,
    families,
    seen: () =>
      Promise.resolve({
        server: '127.0.0.1:6379',
        complete: true,
        keys: 12,
        families: [
          { family: 'session', keys: 4, withoutTtl: 1, ttlSeconds: 30 },
          { family: 'gone', keys: 5, withoutTtl: 0, ttlSeconds: 30 },
        ],
        groups: [
          { pattern: 'old:*', keys: 2 },
          { pattern: 'app:via:*', keys: 1 },
        ],
      }),
  })
  expect(live.live?.unwritten).toEqual([
    { pattern: 'app:gone:{id}', family: 'gone', keys: 5 },
    { pattern: 'old:*', family: null, keys: 2 },
  ])
  const seen = Object.fromEntries(live.patterns.map((each) => [each.pattern, each.seen]))
  expect(seen).toMatchObject({ 'app:session:*': true, 'app:via:*': true, 'app:one': false })
  const text = auditKeysText(live, plainTerminal)
  expect(text).toContain('old:*: 2 keys in Redis that no code in sight writes')
  expect(text).toContain('1 key out of sight')
})
