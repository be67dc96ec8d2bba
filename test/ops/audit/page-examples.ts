import { readFileSync } from 'node:fs'

/**
 * What the examples of the pages take for granted, and the code that it stands for. An example is audited with those that it
 * names and does not declare, so that a page need not import what every reader knows; a name that is not here belongs into
 * the example, or here.
 */
const KNOWN: Record<string, string> = {
  Redis: "import Redis from 'ioredis'",
  Ratelimit: "import { Ratelimit } from '@upstash/ratelimit'",
  UpstashRedis: "import { Redis as UpstashRedis } from '@upstash/redis'",
  Keyv: "import Keyv from 'keyv'",
  LRUCache: "import { LRUCache } from 'lru-cache'",
  rateLimit: "import rateLimit from 'express-rate-limit'",
  RedisStore: "import { RedisStore } from 'rate-limit-redis'",
  express: "import express from 'express'",
  app: 'const app = express()',
  url: 'const url = process.env.REDIS_URL ?? ""',
  redis: 'const redis = new Redis(url)',
  connect: 'const connect = () => new Redis(url)',
  sendCommand: 'const sendCommand = (...args: string[]) => redis.call(...args)',
  ratelimit:
    'const ratelimit = new Ratelimit({ redis: new UpstashRedis({ url, token: "" }), limiter: Ratelimit.slidingWindow(5, "1 m") })',
  limiter: "const limiter = createRateLimiter(redis, { name: 'api', limit: 5, windowMs: 60_000 })",
  cache: 'const cache = new RedisCache(redis)',
  Cache:
    'interface Cache { get(key: string): Promise<string | null>; set(key: string, value: string, ttl?: number): Promise<void>; del(key: string): Promise<void> }',
  RedisCache:
    'class RedisCache { constructor(private readonly client: Redis) {} async get(key: string) { return this.client.get(key) } async set(key: string, value: string, ttl = 60) { await this.client.set(key, value, "EX", ttl) } async del(key: string) { await this.client.del(key) } }',
  MemoryCache:
    'class MemoryCache { readonly held = new Map<string, string>(); async get(key: string) { return this.held.get(key) ?? null } async set(key: string, value: string) { this.held.set(key, value) } async del(key: string) { this.held.delete(key) } }',
  Store: 'interface Store { get(id: string): Promise<string | null> }',
  backing: 'class Table { async get(id: string) { return id } }\nconst backing = new Table()',
  CachingStore:
    'class CachingStore { constructor(readonly backing: Store, readonly client: Redis) {} async get(id: string) { return (await this.client.get(id)) ?? this.backing.get(id) } async set(id: string, value: string) { await this.client.set(id, value) } async del(id: string) { await this.client.del(id) } }',
}
/** Where a page means another thing by a name. */
const OF_PAGE: Record<string, Record<string, string>> = {
  R14: {
    Redis: "import { Redis } from '@upstash/redis'",
    redis: "const redis = new Redis({ url, token: '' })",
  },
  R15: {
    slidingWindow: `const slidingWindow = "redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, ARGV[1] - ARGV[2])"`,
  },
}
const LIBRARY = [
  'createTransparentCache',
  'createTransparentRateLimiter',
  'createRateLimiter',
  'createKeyValueClient',
  'createPassThroughRedis',
  'resolveRedisBackend',
]

export interface PageExample {
  /** Of the rule. */
  id: string
  part: 'Bad' | 'Good'
  code: string
}

/** The examples of a page, each as a module. */
export function examplesOf(id: string): PageExample[] {
  const page = readFileSync(`docs/rules/${id}.md`, 'utf8')
  return (['Bad', 'Good'] as const).flatMap((part) => {
    const text = new RegExp(`^## ${part}\\n([^]*?)(?=^## )`, 'm').exec(page)?.[1] ?? ''
    const blocks = [...text.matchAll(/^```[jt]sx?\n([^]*?)^```/gm)].map(([, code]) => code!)
    return blocks.map((code) => ({ id, part, code: moduleOf(code, { ...KNOWN, ...OF_PAGE[id] }) }))
  })
}

function moduleOf(code: string, known: Record<string, string>): string {
  const isModule = /^(?:export|import|class|(?:async )?function)\b/m.test(code)
  // What answers a request stands in a function, and may return.
  const body = isModule
    ? code
    : `export async function handler(userId: string, ip: string, key: string, res: any) {\n${code}}\n`
  const context: string[] = []
  for (let needed = missingIn(body, known); needed.length > 0;) {
    const [name] = needed as [string]
    context.unshift(known[name] ?? `import { ${name} } from 'transparent-cache'`)
    needed = missingIn([...context, body].join('\n'), known)
  }
  const sorted = [...context.filter(isImport), ...context.filter((each) => !isImport(each))]
  return `${[...sorted, body].join('\n')}`
}

function missingIn(code: string, known: Record<string, string>): string[] {
  return [...Object.keys(known), ...LIBRARY].filter((name) => isNamed(code, name) && !isDeclared(code, name))
}

function isNamed(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w.'"/-])${name}\\b(?!['"/:-])`).test(code)
}

function isDeclared(code: string, name: string): boolean {
  const own = new RegExp(`(?:const|let|class|interface|function|type)\\s+${name}\\b`)
  const imported = new RegExp(`^import\\b[^\\n]*\\b${name}\\b[^\\n]*from`, 'm')
  return own.test(code) || imported.test(code)
}

function isImport(line: string): boolean {
  return line.startsWith('import ')
}
