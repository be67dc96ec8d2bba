import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contextOf } from '../../../src/ops/audit/context.js'
import { Places } from '../../../src/ops/audit/places.js'
import { openProject } from '../../../src/ops/audit/project/project.js'
import type { RuleContext } from '../../../src/ops/audit/rule.js'
import { why } from '../../../src/ops/audit/why.js'
import { beliefOf } from '../../../src/ops/audit/why/beliefs.js'
import { namedOn } from '../../../src/ops/audit/why/named-things.js'

const FILES = {
  'src/client.ts': `import Redis from 'ioredis'
export const redis = new Redis()
export function open(url?: string): Redis | null { return url ? new Redis(url) : null }
export class RedisCache {
  constructor(private readonly client: Redis) {}
  async get(key: string) { return this.client.get(key) }
  async set(key: string, value: string) { await this.client.set(key, value) }
}
export class NoCache { async get() { return null } async set() {} }
export class Shaped { async get(k: string) { return fetch(k) } async set(k: string) { await fetch(k) } }
export const cacheGet = async (key: string) => await redis.get(key)
`,
  'src/uses.ts': `import { redis, open, RedisCache, NoCache, cacheGet } from './client'
import { gone } from './gone'
import type { CacheService } from './also-gone'
import { makeCache } from '@acme/cache'
import { plain } from './plain'
import { Queue } from 'bullmq'
export const attempts = new Map<string, number>()
export async function page(svc: CacheService, any, id: string) {
  const cached = await redis.get(id)
  const maybe = open(id)
  const mine = new RedisCache(redis)
  const none = new NoCache()
  const made = makeCache(id)
  const jobs = new Queue('mail')
  const both = { gone, plain, any, maybe, mine, none, made, jobs }
  await svc.get(id)
  await cacheGet(id)
  const count = (attempts.get(id) ?? 0) + 1
  attempts.set(id, count)
  if (count > 5) throw new Error('limited')
  return { cached, both }
}
export async function release() {
  await redis
    // A lock.
    .del('lock:mail')
}
`,
  'src/plain.ts': 'export const plain = 1\n',
  'src/wordless.ts': 'export const one = 1\n',
  'src/a.test.ts': "import Redis from 'ioredis'\nexport const redis = new Redis()\n",
  'dist/built.ts': "import Redis from 'ioredis'\nexport const redis = new Redis()\n",
  'src/broken.ts': "import Redis from 'ioredis'\nexport const redis = new Redis(\nexport const two = 2\n",
  'src/deep.ts': `export const redis = x${'.a()'.repeat(6000)}\n`,
  'src/accepted.ts':
    "import Redis from 'ioredis'\n// cache-audit-ignore R1: asked for\nexport function open(): Redis | null { return null }\n// cache-audit-ignore R4: no more\nexport const redisUrl = 1\n",
  'other/package.json': '{}',
  'other/b.ts': "import Redis from 'ioredis'\nexport function open(): Redis | null { return null }\n",
}

let cwd: string
let context: RuleContext
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cache-why-'))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), text)
  }
  context = contextOf(openProject(['src'], cwd))
})
afterAll(() => rmSync(cwd, { recursive: true }))

/** `redis: client, imported …` for the things of the line that holds a piece of code. */
function believed(file: keyof typeof FILES, code: string): Record<string, string> {
  const at = FILES[file].split('\n').findIndex((each) => each.includes(code))
  const source = context.project.sources.find(({ fileName }) => fileName === join(cwd, file))!
  return Object.fromEntries(
    namedOn(source, at + 1).map((thing) => {
      const { text, is, because, isResolved } = beliefOf(thing, context, new Places(cwd))
      return [text, `${is.join('|') || (isResolved ? 'nothing' : 'unknown')}: ${because}`]
    }),
  )
}

describe('what a name is, and why', () => {
  test.each<[keyof typeof FILES, string, string, string]>([
    ['src/client.ts', 'import Redis', 'Redis', 'client: imported from ioredis'],
    ['src/client.ts', 'const redis', 'redis', 'client: new Redis of ioredis at src/client.ts:2'],
    [
      'src/client.ts',
      'function open',
      'open',
      'factory: it gives out a client (new Redis of ioredis at src/client.ts:3) or nothing (nothing at src/client.ts:3)',
    ],
    [
      'src/client.ts',
      'class RedisCache',
      'RedisCache',
      'cache: asynchronous get and set, over client, a client',
    ],
    ['src/client.ts', 'this.client.set', 'this.client', 'client: its type is Redis of ioredis'],
    [
      'src/client.ts',
      'class NoCache',
      'NoCache',
      'pass-through: whatever it is asked, its answer is one constant',
    ],
    [
      'src/client.ts',
      'class Shaped',
      'Shaped',
      'nothing: asynchronous get and set, but no client is seen in it',
    ],
    [
      'src/client.ts',
      'cacheGet',
      'cacheGet',
      'cache: to its callers it is a cache: its module makes the client redis and gives out what is done with it',
    ],
    ['src/uses.ts', 'gone }', 'gone', "unknown: import './gone' led nowhere"],
    ['src/uses.ts', 'CacheService }', 'CacheService', "unknown: import './also-gone' led nowhere"],
    [
      'src/uses.ts',
      'function page',
      'svc',
      "unknown: of type CacheService, which could not be resolved: import './also-gone' led nowhere",
    ],
    ['src/uses.ts', 'function page', 'any', 'unknown: a parameter whose type is not known'],
    ['src/uses.ts', 'function page', 'id', 'nothing: a value like any other'],
    [
      'src/uses.ts',
      "from '@acme/cache'",
      'makeCache',
      "unknown: of the package '@acme/cache', which the audit does not know; node_modules is not read",
    ],
    [
      'src/uses.ts',
      'import { plain',
      'plain',
      "nothing: of './plain', where nothing speaks of caching, so that it was not followed",
    ],
    [
      'src/uses.ts',
      'const maybe',
      'maybe',
      'client|null: open() at src/uses.ts:10 gives it out, see src/client.ts:3',
    ],
    [
      'src/uses.ts',
      'const mine',
      'mine',
      'cache: new RedisCache at src/uses.ts:11: asynchronous get and set, over client, a client',
    ],
    [
      'src/uses.ts',
      'const made',
      'made',
      "unknown: what makeCache(id) is, is not known: makeCache is of the package '@acme/cache', which the audit does not know; node_modules is not read",
    ],
    ['src/uses.ts', 'const jobs', 'jobs', 'queue: new Queue of bullmq at src/uses.ts:14'],
    [
      'src/uses.ts',
      'svc.get',
      'svc.get',
      "unknown: a member of svc, which is of type CacheService, which could not be resolved: import './also-gone' led nowhere",
    ],
    [
      'src/uses.ts',
      'const attempts',
      'attempts',
      'memory: a collection that lives as long as the process; what it holds counts against a limit',
    ],
    ['src/uses.ts', 'throw new', 'Error', 'nothing: a value like any other'],
  ])('%s, %s: %s', (file, code, name, expected) => {
    expect(believed(file, code)[name]).toBe(expected)
  })
})

const ask = (place: string, options: Partial<Parameters<typeof why>[0]> = {}) =>
  why({ place, paths: ['src'], cwd, ...options })

describe('one line', () => {
  test('what stands there, whose code it is, and what the rules said', async () => {
    const report = await ask('src/uses.ts:9')
    expect(report).toMatchObject({
      schema: 'cache.audit-why/1',
      verdict: 'pass',
      file: 'src/uses.ts',
      line: 9,
      leftOut: null,
      role: { role: 'application', because: 'nothing around it holds or makes a client' },
      operations: [{ call: 'redis.get', on: 'client', through: null, exempt: null, column: 24 }],
    })
    expect(report.things.map(({ text }) => text)).toEqual(['cached', 'redis', 'redis.get', 'id'])
    expect(report.things[1]).toMatchObject({
      declared: { file: 'src/client.ts', line: 2, column: 14 },
    })
    expect(report.silent).toContain('R1')
  })

  test('an operation through a function, and one that is exempt, at the line of its method', async () => {
    expect((await ask('src/uses.ts:17')).operations).toMatchObject([
      { call: 'cacheGet', on: 'cache', through: { file: 'src/client.ts', line: 11 } },
    ])
    expect((await ask('src/uses.ts:26')).operations).toMatchObject([{ on: 'client', line: 24 }])
  })

  test('a finding, an accepted one, and a comment that accepts nothing', async () => {
    expect((await ask('src/client.ts:3', { rules: ['R1'] })).findings).toMatchObject([{ rule: 'R1' }])
    const accepted = await ask('src/accepted.ts:3')
    expect(accepted.accepted).toMatchObject([{ rule: 'R1', reason: 'asked for' }])
    expect(accepted.silent).not.toContain('R1')
    expect((await ask('src/accepted.ts:5')).problems).toMatchObject([
      { line: 4, message: expect.stringContaining('R4 accepts nothing') as string },
    ])
  })

  test('a rule that is asked alone, and one that is switched off here', async () => {
    expect((await ask('src/client.ts:3', { rules: ['r3'] })).silent).toEqual(['R3'])
    const policy = { overrides: [{ paths: ['src/**'], rules: { R1: 'off' as const } }], directory: cwd }
    expect(await ask('src/client.ts:3', { policy, rules: ['R1'] })).toMatchObject({
      findings: [],
      off: ['R1'],
    })
  })
})

describe('a file that an audit leaves out', () => {
  test.each([
    ['src/wordless.ts:1', 'nothing in it speaks of caching, so that it is not parsed', 'pass', false],
    ['src/a.test.ts:2', 'by its name it is a test, a benchmark or a story', 'pass', true],
    ['dist/built.ts:2', 'what lies in dist/ is built, fetched or hidden', 'pass', true],
    ['src/deep.ts:1', 'nested too deeply to be judged', 'inconclusive', false],
  ])('%s: %s', async (place, leftOut, verdict, isTold) => {
    const report = await ask(place, { paths: ['.'] })
    expect(report).toMatchObject({ leftOut, verdict })
    expect(report.things.length > 0).toBe(isTold)
  })

  test('ignored by the project file, and told all the same', async () => {
    const report = await ask('src/client.ts:2', { policy: { ignore: ['src/**'], directory: cwd } })
    expect(report.leftOut).toBe('the project file says that it is ignored')
    expect(report.things[0]).toMatchObject({ text: 'redis', is: ['client'] })
  })

  test('a test that is asked for by its directory is none that is left out', async () => {
    expect(await ask('src/a.test.ts:2', { paths: ['src/a.test.ts'] })).toMatchObject({ leftOut: null })
  })
})

test('a syntax error is told on its line', async () => {
  const { problems } = await ask('src/broken.ts:3')
  expect(problems).toMatchObject([{ message: expect.stringMatching(/^syntax error: /) as string }])
})

test('a file outside of the paths is read with its own package', async () => {
  expect(await ask('other/b.ts:2')).toMatchObject({
    leftOut: null,
    things: [{ text: 'open' }, { text: 'Redis' }],
  })
})

test('stopped, it says nothing and proves nothing', async () => {
  expect(await ask('src/client.ts:2', { signal: AbortSignal.abort() })).toMatchObject({
    verdict: 'inconclusive',
    things: [],
  })
})

test.each([
  ['src/client.ts', 'NO_LINE'],
  ['', 'NO_LINE'],
  ['src/client.ts:', 'NO_LINE'],
  [':3', 'NO_LINE'],
  ['src/client.ts:x', 'NO_LINE'],
  ['src/client.ts:0', 'NO_SUCH_LINE'],
  ['src/client.ts:12', 'NO_SUCH_LINE'],
  ['src/nowhere.ts:1', 'NO_SUCH_PATH'],
  ['src:1', 'NO_FILE'],
])('%j is refused: %s', async (place, code) => {
  await expect(ask(place)).rejects.toMatchObject({ code })
})

test('a column behind the line is what editors copy, and is left aside', async () => {
  expect((await ask('src/client.ts:2:14')).line).toBe(2)
})
