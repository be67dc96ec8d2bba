import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import ts from 'typescript'
import { contextOf } from '../../../src/ops/audit/context.js'
import { openProject } from '../../../src/ops/audit/project/project.js'
import type { RuleContext } from '../../../src/ops/audit/rule.js'
import { all, bare } from '../../../src/ops/audit/syntax.js'

const HEAD = "import Redis from 'ioredis'\nconst redis = new Redis()\n"
const CACHE =
  'export class KeyCache { constructor(private c: Redis) {} async get(k: string) { return this.c.get(k) } async set(k: string) { await this.c.set(k, 1) } }\n'

/** Each a module of one project: what is called, and as what. */
const OPERATIONS: [string, string[]][] = [
  [`${HEAD}redis.get('k')`, ['client get']],
  [`${HEAD}redis?.['set']('k', 1)`, ['client set']],
  [`${HEAD}redis.on('error', () => {})\nredis.quit()`, []],
  [`${HEAD}redis.multi().incr('k').expire('k', 5).exec()`, ['client exec']],
  [`${HEAD}const p = redis.pipeline()\np.get('k')\np.exec()`, ['client exec']],
  [`${HEAD}const { get } = redis\nget('k')`, ['client get']],
  [`${HEAD}const get = redis.get.bind(redis)\nget('k')`, ['client get']],
  [`${HEAD}async function wipe(r: Redis) { await r.del('k') }\nwipe(redis)`, ['client del', 'client wipe']],
  [`import Redis from 'ioredis'\nfunction keep(r: Redis) { return { r } }\nkeep(new Redis())`, []],
  [
    `import Redis from 'ioredis'\n${CACHE}async function f(cache: KeyCache) { await cache.get('k') }`,
    ['client get', 'client set', 'cache get'],
  ],
  [
    "import { Ratelimit } from '@upstash/ratelimit'\nconst l = new Ratelimit({})\nl.limit('id')",
    ['limiter limit'],
  ],
  ["import { Ratelimit } from '@upstash/ratelimit'\nRatelimit.slidingWindow(5, '1 s')", []],
  ["import { z } from 'zod'\n// redis\nz.object({}).get('k')", []],
  ["// redis\nconst redis = new Map()\nredis.get('k')", []],
]

/** The expression `x = …` at the end of each, and what can be asked of it. */
const RECEIVERS: [string, string | undefined][] = [
  [`${HEAD}export const x = redis`, 'client'],
  [`${HEAD}const held = { redis }\nexport const x = held.redis`, 'client'],
  [`${HEAD}let late: any\nlate = redis\nexport const x = late`, 'client'],
  [`import Redis from 'ioredis'\n${CACHE}export const x = new KeyCache(new Redis())`, 'cache'],
  [
    '// redis\nconst cache = { async get(k: string) { return k }, async set(k: string) {} }\nexport const x = cache',
    'cache',
  ],
  [
    '// redis\nconst pair = { async get(k: string) { return k }, async set(k: string) {} }\nexport const x = pair',
    undefined,
  ],
  ["import { cache } from './nowhere'\n// redis\nexport const x = cache.shape", undefined],
  ['// redis\nexport const x = new Map<string, string>()', undefined],
]

/** The role of the code that holds `here`. */
const ROLES: [string, string, string, RegExp][] = [
  ['page.ts', `${HEAD}function page() { here() }`, 'application', /nothing around it/],
  [
    'keys.ts',
    `import Redis from 'ioredis'\n${CACHE.replace('return this', 'here(); return this')}`,
    'implementation',
    /KeyCache, a cache/,
  ],
  [
    'make.ts',
    `import Redis from 'ioredis'\nexport function make() { here(); return new Redis() }`,
    'factory',
    /make gives out a client/,
  ],
  [
    'owner.ts',
    `${HEAD}export async function keep(k: string) { here(); await redis.set(k, 1) }`,
    'implementation',
    /makes the client redis/,
  ],
  [
    'probe.ts',
    `${HEAD}export async function healthCheck() { here(); await redis.ping() }`,
    'exempt',
    /healthCheck is a health probe/,
  ],
  [
    'stop.ts',
    `${HEAD}process.on('SIGTERM', async function shutdown() { here(); await redis.quit() })`,
    'exempt',
    /shutdown/,
  ],
  [
    'otp.ts',
    `${HEAD}export async function saveOtp(code: string) { here(); await redis.set('otp', code) }`,
    'exempt',
    /primary store/,
  ],
  [
    'login.ts',
    `${HEAD}export async function consumeCachedOAuthState(id: string) { here(); return await redis.getdel(id) }`,
    'exempt',
    /primary store/,
  ],
  [
    'limits.ts',
    `import Redis from 'ioredis'\nexport async function rateLimit(r: Redis, id: string) { here(); return (await r.incr(id)) < 5 }`,
    'implementation',
    /rateLimit/,
  ],
]

let directory: string
let context: RuleContext
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-recognise-'))
  OPERATIONS.forEach(([code], at) => write(`operations-${at}.ts`, code))
  RECEIVERS.forEach(([code], at) => write(`receivers-${at}.ts`, code))
  for (const [name, code] of ROLES) write(name, code)
  context = contextOf(openProject(['.'], directory))
})
afterAll(() => rmSync(directory, { recursive: true }))

function write(name: string, code: string): void {
  // A module, so that the names of one are not those of another.
  writeFileSync(join(directory, name), `${code}\nexport {}\n`)
}

function fileOf(name: string): ts.SourceFile {
  return context.project.sources.find(({ fileName }) => fileName === join(directory, name))!
}

describe('operations', () => {
  test.each(OPERATIONS.map(([code, expected], at) => [code, expected, at] as const))(
    '%j: %j',
    (_, expected, at) => {
      const found = context.operations.in(fileOf(`operations-${at}.ts`))
      expect(found.map(({ kind, method }) => `${kind} ${method}`)).toEqual(expected)
    },
  )
})

describe('receivers', () => {
  test.each(RECEIVERS.map(([code, expected], at) => [code, expected, at] as const))(
    '%j: %s',
    (_, expected, at) => {
      const { initializer } = all(fileOf(`receivers-${at}.ts`), ts.isVariableDeclaration).at(-1)!
      expect(context.receivers.of(bare(initializer!))).toBe(expected)
    },
  )
})

describe('roles', () => {
  test.each(ROLES)('%s: %j is %s', (name, _, role, because) => {
    const here = all(fileOf(name), ts.isCallExpression).find(
      ({ expression }) => expression.getText() === 'here',
    )!
    expect(context.roles.of(here)).toMatchObject({ role, because: expect.stringMatching(because) as string })
  })
  test('an operation may be exempt in code that is not: by its command or its key', () => {
    const { operations, roles } = context
    const [get] = operations.in(fileOf('operations-0.ts'))
    expect(roles.ofOperation(get!).role).toBe('application')
    const sent = { ...get!, method: 'publish' }
    expect(roles.ofOperation(sent)).toMatchObject({ role: 'exempt', exemption: 'publish and subscribe' })
  })
})
