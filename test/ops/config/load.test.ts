import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../../src/ops/config/load.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cache-config-'))
  // Ends the search upwards.
  await writeFile(join(directory, 'package.json'), '{}')
})
afterEach(() => rm(directory, { recursive: true }))

const write = (name: string, text: string) => writeFile(join(directory, name), text)
const load = (options: object = {}) => loadConfig({ directory, env: {}, ...options })

test('without a file: the defaults', async () => {
  const { settings, origins, file } = await load()
  expect(settings).toMatchObject({
    outage: { subject: 'library', seed: 1, rate: 200, before: 2000, during: 6000, after: 6000 },
    environments: {},
  })
  expect([origins['outage.rate'], file]).toEqual(['default', null])
})

test('flags over CACHE_* over the file over defaults, each with its origin', async () => {
  await write('cache.config.yaml', 'outage:\n  rate: 10\n  seed: 10\n  before: 1s\n')
  const { settings, origins } = await load({
    env: { CACHE_OUTAGE_RATE: '20', CACHE_OUTAGE_SEED: '20', CACHE_SOMETHING_ELSE: 'x' },
    flags: { 'outage.rate': 30, 'outage.subject': undefined },
  })
  expect(settings.outage).toMatchObject({ rate: 30, seed: 20, before: 1000, after: 6000 })
  expect(origins).toMatchObject({
    'outage.rate': 'flag',
    'outage.seed': 'CACHE_OUTAGE_SEED',
    'outage.before': join(directory, 'cache.config.yaml'),
    'outage.after': 'default',
  })
})

test.each([
  ['cache.config.json', '{"outage":{"rate":7}}'],
  ['cache.config.yml', 'outage: {rate: 7}'],
  ['cache.config.mjs', 'export default { outage: { rate: 7 } }'],
  ['cache.config.ts', 'const rate: number = 7\nexport default { outage: { rate } } as const'],
  ['package.json', '{"cache":{"outage":{"rate":7}}}'],
])('%s is a project file', async (name, text) => {
  await write(name, text)
  expect((await load()).settings.outage.rate).toBe(7)
})

test.each([
  ['{"outge":{}}', /outge is no setting/, 'did you mean outage?'],
  ['{"outage":{"rat":7}}', /outage\.rat is no setting/, 'did you mean rate?'],
  [
    '{"environments":{"x":{"hosts":["h"],"prod":true}}}',
    /environments\.x\.prod is no setting/,
    'did you mean production?',
  ],
  ['{"outage":{"rate":0}}', /outage\.rate \(from .*json\): is not a whole number from 1 to 2000/],
  ['{"outage":{"rate":"fast"}}', /outage\.rate .*is not a number/],
  ['{"outage":{"during":"soon"}}', /outage\.during .*is not a duration/],
  ['{"outage":{"during":"1ms"}}', /outage\.during .*is not a duration/],
  ['{"outage":{"budgets":{"p99":"soon"}}}', /outage\.budgets\.p99 .*is not a duration/],
  ['{"outage":[]}', /outage \(from .*json\)/],
  ['{"families":{"x":{"pattern":"a:*","ttl":1}}}', /families\.x\.pattern .*is no key pattern/],
  ['{"families":{"x":{"pattern":"a:{id}","ttl":0}}}', /families\.x\.ttl .*is not a whole number from 1/],
  [
    '{"families":{"x":{"pattern":"{a}:{b}","ttl":1}}}',
    /families\.x\.pattern .*"\{a\}:\{b\}" has no word of its own/,
  ],
  ['{"families":{"x":{"pattern":"a:{b}:{b}","ttl":1}}}', /families\.x\.pattern .*\{b\} stands in it twice/],
  [
    '{"families":{"x":{"pattern":"a:{b}","ttl":1,"type":"json"}}}',
    /families\.x\.type .*one of string, list, set/,
  ],
  [
    '{"families":{"x":{"pattern":"a:{b}","ttl":1,"evictible":false}}}',
    /evictible is no setting/,
    'did you mean evictable?',
  ],
  ['{"families":{"x":{"pattern":"a:{b}"}}}', /families\.x\.ttl \(from .*json\): is missing/],
  [
    '{"families":{"x":{"pattern":"a:{b}","ttl":1,"staleOk":"no"}}}',
    /families\.x\.staleOk .*is neither true nor false/,
  ],
  ['{"families":{"a b":{"pattern":"a:{b}","ttl":1}}}', /families\.a b .*json\): is no name of a family/],
  [
    '{"families":{"conv":{"pattern":"a:{b}","ttl":1}}}',
    /families\.conv .*name of a family of the library, copilot:conv:\{conversationId\}; take another/,
  ],
  [
    '{"families":{"x":{"pattern":"{tenant}:conv:{id}","ttl":1}}}',
    /families\.x\.pattern .*json\): \{tenant\}:conv:\{id\} and copilot:conv:\{conversationId\} of conv of the library have keys in common, such as copilot:conv:x;/,
  ],
  [
    '{"families":{"x":{"pattern":"a:{b}:c","ttl":1},"y":{"pattern":"a:d:{e}","ttl":1}}}',
    /families\.y\.pattern .*: a:d:\{e\} and a:\{b\}:c of x have keys in common, such as a:d:c;/,
  ],
  ['{"limiters":{"x":{"limit":1,"windowMs":1000,"onUnavailable":"open"}}}', /is neither allow nor deny/],
  ['{"doctor":{"hitRatio":92}}', /doctor\.hitRatio .*is not a share from 0 to 1, such as 0\.92/],
  ['{"doctor":{"client":{"callsPerRequest":0}}}', /callsPerRequest .*is not a whole number from 1 to 1000/],
  [
    '{"environments":{"x":{"hosts":["h"],"variables":{"REDIS_URL":"redis://:pw@h"}}}}',
    /variables\.REDIS_URL .*is not the name of a variable/,
  ],
  [
    '{"environments":{"x":{"hosts":["h"],"variables":{"REDIS_ULR":"STG_URL"}}}}',
    /environments\.x\.variables .*REDIS_ULR is no variable of the application; did you mean REDIS_URL\?/,
  ],
  ['{"doctor":{"timeout":5}}', /doctor\.timeout .*is not a duration from 1s to 60s/],
  ['{"doctor":{"client":{"library":"redis"}}}', /client\.library .*is none of ioredis@5, ioredis@6, upstash/],
  ['{"doctor":[]}', /doctor \(from .*is no group of settings/],
  ['[]', /not an object/],
  ['{\n"a": s3cr3t }', /cannot be read: .*cache\.config\.json is no JSON$/],
])('%s is refused with exit 2', async (text, message, suggestion?: string) => {
  await write('cache.config.json', text)
  const error = await load().catch((caught: unknown) => caught)
  expect(error).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) })
  if (suggestion) expect((error as { suggestions: string[] }).suggestions).toEqual([suggestion])
})

test('what an application declares about itself, and the schema for its editor', async () => {
  await write(
    'cache.config.yaml',
    `$schema: ./x.json
families:
  session: { pattern: 'app:session:{userId}', ttl: 900 }
limiters:
  login: { limit: 10, windowMs: 60000, onUnavailable: deny }
  api: { limit: 100, windowMs: 1000 }
outage: { budgets: { p99: 400ms } }
`,
  )
  const { settings, layers } = await load({ env: { CACHE_OUTAGE_BUDGETS_P99: '300ms' } })
  expect(settings).toMatchObject({
    families: {
      session: {
        pattern: 'app:session:{userId}',
        ttl: 900,
        type: 'string',
        evictable: true,
        staleOk: false,
        authorisation: false,
      },
    },
    limiters: { login: { onUnavailable: 'deny' }, api: { limit: 100, onUnavailable: 'allow' } },
    outage: { budgets: { p99: 300 } },
  })
  expect(layers['outage.budgets.p99']).toEqual([
    { value: '300ms', origin: 'CACHE_OUTAGE_BUDGETS_P99' },
    { value: '400ms', origin: join(directory, 'cache.config.yaml') },
    { value: undefined, origin: 'default' },
  ])
})

test('a bad flag is named as it was typed, with its value and the range', async () => {
  const failed = (flags: object) => load({ flags }).catch((caught: unknown) => (caught as Error).message)
  expect(await failed({ 'doctor.timeout': 'abc' })).toBe(
    "--timeout: 'abc' is not a duration from 1s to 60s, such as 2s.",
  )
  expect(await failed({ 'outage.before': '1ms' })).toMatch(
    /^--before: '1ms' is not a duration from 500ms to 600s/,
  )
  expect(await failed({ 'audit.failOn': 'x' })).toBe("--fail-on: 'x' is not error, warn or never.")
})

test('a file that is no YAML: where and why, and nothing of what stands in it', async () => {
  await write('cache.config.yaml', 'outage:\n  secret: s3cr3t\n  rate: [\n')
  const error = await load().catch((caught: unknown) => caught)
  expect((error as Error).message).toMatch(/YAML Error in .*cache\.config\.yaml: .+ \(\d+:\d+\)/)
  expect((error as Error).message).not.toContain('s3cr3t')
})

test('of several files the first is read, and the others are named', async () => {
  await write('cache.config.json', '{"outage":{"rate":7}}')
  await write('cache.config.yaml', 'outage: {rate: 8}')
  const { settings, notRead } = await load()
  expect([settings.outage.rate, notRead]).toEqual([7, [join(directory, 'cache.config.yaml')]])
  await rm(join(directory, 'cache.config.json'))
  expect((await load()).notRead).toEqual([])
})

test('a package.json that is broken is a mistake of its owner, and shown without what stands in it', async () => {
  await write('package.json', '{"name": "x"\n"token": "s3cr3t" }')
  const error = await load().catch((caught: unknown) => caught)
  expect(error).toMatchObject({ kind: 'usage' })
  expect((error as Error).message).toMatch(/cannot be read: .*package\.json:2 is no JSON$/)
})

test.each([
  ['throws', "throw new Error('no region')", /cache\.config\.mjs cannot be read: no region$/],
  ['cannot be parsed', 'export default {\n outage: = }', /cache\.config\.mjs cannot be read: /],
  ['exports nothing', 'export const outage = {}', /has no default export/],
])('a module that %s is told as such', async (_, text, message) => {
  await write('cache.config.mjs', text)
  const error = await load().catch((caught: unknown) => caught)
  expect(error).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) })
})

test('a bad variable is named, its value is not repeated', async () => {
  const error = await load({ env: { CACHE_OUTAGE_RATE: 's3cr3t' } }).catch((caught: unknown) => caught)
  expect((error as Error).message).toMatch(/from CACHE_OUTAGE_RATE/)
  expect(JSON.stringify(error) + (error as Error).message).not.toContain('s3cr3t')
})
