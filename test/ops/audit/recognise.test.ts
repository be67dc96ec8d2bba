import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import ts from 'typescript'
import { openProject } from '../../../src/ops/audit/project/project.js'
import { Kinds } from '../../../src/ops/audit/recognise/kinds.js'
import { Products } from '../../../src/ops/audit/recognise/products.js'
import { asksForBackend } from '../../../src/ops/audit/recognise/availability.js'
import { all } from '../../../src/ops/audit/syntax.js'

const directories: string[] = []
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
})

/** The kinds of what `const x = …` at the end of the code may hold. */
function madeBy(code: string): string[] {
  const { initializer, products } = last(code)
  return products.of(initializer).map(({ kind }) => kind)
}

function last(code: string) {
  const directory = mkdtempSync(join(tmpdir(), 'cache-recognise-'))
  directories.push(directory)
  writeFileSync(join(directory, 'a.ts'), `// redis\n${code}`)
  const project = openProject(['.'], directory)
  const products = new Products(project, new Kinds(project))
  const initializer = all(project.sources[0]!, ts.isVariableDeclaration).at(-1)!.initializer!
  return { initializer, products, project }
}

describe('a client', () => {
  test.each([
    ["import Redis from 'ioredis'\nconst x = new Redis()", 'client'],
    ["import { Redis as R } from 'ioredis'\nconst x = new R()", 'client'],
    ["import * as io from 'ioredis'\nconst x = new io.Cluster([])", 'client'],
    ["const R = require('ioredis')\nconst x = new R()", 'client'],
    ["const { Redis: R } = require('@upstash/redis')\nconst x = R.fromEnv()", 'client'],
    ["import { Redis } from '@upstash/redis/cloudflare'\nconst x = Redis.fromEnv()", 'client'],
    ["const { Redis } = await import('@upstash/redis')\nconst x = new Redis({})", 'client'],
    ["import { createClient } from 'redis'\nconst x = await createClient().connect()", 'client'],
    ["import Redis from 'ioredis'\nclass Mine extends Redis {}\nconst x = new Mine()", 'client'],
    ["import Redis from 'npm:ioredis@5.4.1'\nconst x = new Redis()", 'client'],
    [
      "import { Redis } from 'https://esm.sh/v135/@upstash/redis@1.34.0?target=deno'\nconst x = new Redis({})",
      'client',
    ],
    [
      "import { Redis } from 'https://deno.land/x/upstash_redis@v1.22.0/mod.ts'\nconst x = Redis.fromEnv()",
      'client',
    ],
    [
      "import { connect } from 'https://deno.land/x/redis@v0.32.1/mod.ts'\nconst x = await connect({})",
      'client',
    ],
    ["import { connect } from 'https://esm.sh/amqplib@1'\nconst x = await connect({})", 'other'],
    ["import { open } from 'elsewhere'\nconst held = open()\nconst x = held.connection", 'other'],
    ['class Redis {}\nconst x = new Redis()', 'other'],
    ["import { createClient } from '@supabase/supabase-js'\nconst x = createClient()", 'other'],
    ["import { Redis } from './redis'\nconst x = new Redis()", 'other'],
  ])('%j makes: %s', (code, kind) => expect(madeBy(code)).toEqual([kind]))
})

// Of what begins in a package that is not read, the checker is not asked.
test.each([
  ['held instanceof Redis', ['Redis']],
  ['isRedis(held)', ['Redis']],
  ['held', []],
])('what a guard says of an unknown thing is known: %s', (guard, names) => {
  const { initializer, project } = last(
    `import Redis from 'ioredis'\nimport { open } from 'elsewhere'\nconst isRedis = (v: unknown): v is Redis => v !== 1\nconst held = open()\nif (${guard}) { const x = held }`,
  )
  const { declarations } = project.typeOf(initializer)
  expect(declarations.map((each) => ts.getNameOfDeclaration(each)?.getText())).toEqual(names)
})

const METHODS =
  'async get(k: string) { return this.c.get(k) } async set(k: string) { await this.c.set(k, 1) }'

describe('a cache, a limiter, a stand-in', () => {
  test.each([
    [
      `import Redis from 'ioredis'\nclass C { constructor(private c: Redis) {} ${METHODS} }\nconst x = new C(null!)`,
      'cache',
    ],
    [
      "import R from 'ioredis'\nclass L { c = new R(); async check(id: string) { return (await this.c.incr(id)) < 5 } }\nconst x = new L()",
      'limiter',
    ],
    [
      'class M { m = new Map(); get(k: string) { return this.m.get(k) } set(k: string) { this.m.set(k, 1) } }\nconst x = new M()',
      'memory',
    ],
    ['class P { async get() { return null } async set() {} }\nconst x = new P()', 'pass-through'],
    ['class P { async check(id: string) { return true } }\nconst x = new P()', 'pass-through'],
    ["import Keyv from 'keyv'\nconst x = new Keyv({ ttl: 5 })", 'memory'],
    ["import Keyv from 'keyv'\nconst x = new Keyv({ store: {} })", 'cache'],
    ["import Keyv from 'keyv'\nconst x = new Keyv('redis://x')", 'cache'],
  ])('%j makes: %s', (code, kind) => expect(madeBy(code)).toEqual([kind]))
})

test('what a name holds is what was ever put there, unless the flow of control says which', () => {
  const head = "import Redis from 'ioredis'\nlet r: any = null\nif (process.env.X) r = new Redis()\n"
  expect(madeBy(`${head}const x = r`)).toEqual(['client', 'null'])
  expect(madeBy(`${head}const x = r!`)).toEqual(['client'])
  expect(madeBy(`${head}const x = r ?? new Redis()`)).toEqual(['client', 'client'])
})

test('functions that call each other end', () => {
  expect(madeBy('function a(): any { return b() }\nfunction b() { return a() }\nconst x = a()')).toEqual([])
})

describe('a question whether the backend is there', () => {
  const asks = (condition: string) => {
    const { initializer, products } = last(
      `import R from 'ioredis'\ndeclare const c: R | null, config: any, on: boolean, env: any\nconst x = (${condition}) ? 1 : 2`,
    )
    return asksForBackend((initializer as ts.ConditionalExpression).condition, products)
  }
  test.each([
    'c',
    '!c',
    'c !== null',
    'c == undefined',
    'config.redisUrl && on',
    'env.REDIS_URL',
    '!!config.hasRedis()',
    'Boolean(env.UPSTASH_REDIS_REST_URL)',
  ])('%s', (condition) => expect(asks(condition)).toBe(true))
  test.each([
    "config.store === 'redis'",
    'on',
    "env.NODE_ENV === 'test'",
    "env.REDIS_CLUSTER_ENABLED === 'true'",
    'env.REDIS_TLS',
    'config.ttl > 5',
  ])('not: %s', (condition) => expect(asks(condition)).toBe(false))
})
