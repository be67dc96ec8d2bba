/** What a thing is to the rules. */
export type Kind =
  /** A connection to a key-value service. */
  | 'client'
  /** Get and set over a client. */
  | 'cache'
  | 'limiter'
  /** What a session or limiter middleware keeps its state in. */
  | 'store'
  /** State of this process. */
  | 'memory'
  /** A job queue over a client: not a cache, whatever it is made of. */
  | 'queue'

export interface KnownPackage {
  names: string[]
  /** Declarations that stand for the package, which need not be installed; members that we do not judge are `any`. */
  declarations: string
  /** What its classes and interfaces are, by the name in `declarations`. */
  kinds: Record<string, Kind>
  /** Middleware factories that keep counters in the process unless this option is given. */
  middleware?: {
    exports: string[]
    storeOption: string
    /** Lets requests pass when the store fails; off unless it is given. */
    passOption?: string
  }
}

const anything = '[member: string]: any;'
const commands =
  'get(...args: any[]): Promise<string | null>; set(...args: any[]): Promise<any>; del(...args: any[]): Promise<number>; on(...args: any[]): this;'

const classOf = (name: string, members = '') =>
  `export class ${name} { constructor(...args: any[]); ${members} ${anything} }`

/** The packages whose clients, caches and limiters the rules judge. */
export const KNOWN_PACKAGES: KnownPackage[] = [
  {
    names: ['ioredis', 'iovalkey'],
    declarations: `
      ${classOf('Redis', `static Cluster: typeof Cluster; duplicate(...args: any[]): Redis; ${commands}`)}
      ${classOf('Cluster', `duplicate(...args: any[]): Cluster; ${commands}`)}
      export { Redis as default, Redis as Valkey };
      export interface RedisOptions { ${anything} }
      export interface ClusterOptions { ${anything} }
      export type RedisKey = string | Buffer; export type RedisValue = string | Buffer | number;`,
    kinds: { Redis: 'client', Cluster: 'client' },
  },
  {
    names: ['redis', '@redis/client', 'valkey'],
    declarations: `
      export interface RedisClientType<M = any, F = any, S = any, R = any, T = any> { connect(): Promise<this>; duplicate(...args: any[]): RedisClientType; ${commands} ${anything} }
      export interface RedisClusterType<M = any, F = any, S = any, R = any, T = any> { connect(): Promise<this>; ${commands} ${anything} }
      export function createClient(...args: any[]): RedisClientType;
      export function createCluster(...args: any[]): RedisClusterType;
      export type RedisClientOptions = any;`,
    kinds: { RedisClientType: 'client', RedisClusterType: 'client' },
  },
  {
    names: ['@upstash/redis'],
    declarations: `${classOf('Redis', `static fromEnv(...args: any[]): Redis; get<T = any>(...args: any[]): Promise<T | null>; set(...args: any[]): Promise<any>; del(...args: any[]): Promise<number>;`)}`,
    kinds: { Redis: 'client' },
  },
  {
    names: ['@vercel/kv'],
    declarations: `
      export interface VercelKV { ${commands} ${anything} }
      export function createClient(...args: any[]): VercelKV;
      export const kv: VercelKV; export default kv;`,
    kinds: { VercelKV: 'client' },
  },
  {
    names: ['@valkey/valkey-glide'],
    declarations: `
      ${classOf('GlideClient', 'static createClient(...args: any[]): Promise<GlideClient>;')}
      ${classOf('GlideClusterClient', 'static createClient(...args: any[]): Promise<GlideClusterClient>;')}`,
    kinds: { GlideClient: 'client', GlideClusterClient: 'client' },
  },
  {
    names: ['bun'],
    declarations: `
      ${classOf('RedisClient', commands)}
      export const redis: RedisClient;
      export const env: any; export const serve: any; export const file: any; export const write: any; export const $: any; export const password: any;`,
    kinds: { RedisClient: 'client' },
  },
  {
    names: ['@keyv/redis', '@keyv/valkey', '@keyv/upstash'],
    declarations: `${classOf('KeyvRedis')} export { KeyvRedis as default }; export function createClient(...args: any[]): any;
      export interface Keyv { get(...args: any[]): Promise<any>; set(...args: any[]): Promise<boolean>; ${anything} } export function createKeyv(...args: any[]): Keyv;`,
    kinds: { KeyvRedis: 'store', Keyv: 'cache' },
  },
  {
    names: ['keyv'],
    declarations: `${classOf('Keyv', 'get(...args: any[]): Promise<any>; set(...args: any[]): Promise<boolean>;')} export { Keyv as default };`,
    kinds: { Keyv: 'cache' },
  },
  {
    names: ['cache-manager', '@nestjs/cache-manager'],
    declarations: `
      export interface Cache { get<T = any>(...args: any[]): Promise<T | undefined>; set(...args: any[]): Promise<any>; del(...args: any[]): Promise<any>; ${anything} }
      export type CacheManager = Cache; export type Cacheable = Cache; export type CacheStore = any; export type Store = any; export type CacheModuleOptions = any; export type CacheOptions = any; export type CacheOptionsFactory = any; export type CacheModuleAsyncOptions = any; export type Milliseconds = number;
      export const CACHE_MANAGER: any; export const CacheModule: any; export const CacheInterceptor: any; export const CacheKey: any; export const CacheTTL: any;
      export function createCache(...args: any[]): any; export function caching(...args: any[]): any; export function multiCaching(...args: any[]): any; export const memoryStore: any;`,
    kinds: { Cache: 'cache' },
  },
  {
    names: ['@upstash/ratelimit'],
    declarations: classOf(
      'Ratelimit',
      'static slidingWindow(...args: any[]): any; static fixedWindow(...args: any[]): any; static tokenBucket(...args: any[]): any; limit(...args: any[]): Promise<any>;',
    ),
    kinds: { Ratelimit: 'limiter' },
  },
  {
    names: ['rate-limiter-flexible'],
    declarations: [
      'RateLimiterRedis',
      'RateLimiterValkey',
      'RateLimiterValkeyGlide',
      'RateLimiterMemory',
      'RateLimiterPostgres',
    ]
      .map((name) => classOf(name, 'consume(...args: any[]): Promise<any>;'))
      .concat(
        'export { RateLimiterRedis as default }; export type RateLimiterAbstract = RateLimiterRedis; export class RateLimiterRes { [member: string]: any }',
      )
      .join('\n'),
    kinds: {
      RateLimiterRedis: 'limiter',
      RateLimiterValkey: 'limiter',
      RateLimiterValkeyGlide: 'limiter',
      RateLimiterMemory: 'memory',
    },
  },
  {
    names: ['rate-limit-redis', 'connect-redis'],
    declarations: `${classOf('RedisStore')} export { RedisStore as default }; export type SendCommandFn = any;`,
    kinds: { RedisStore: 'store' },
  },
  {
    names: ['memorystore'],
    declarations: `${classOf('MemoryStore')} export default function create(...args: any[]): typeof MemoryStore;`,
    kinds: { MemoryStore: 'memory' },
  },
  {
    names: ['express-session'],
    declarations: `${classOf('MemoryStore')} declare const factory: any; export { factory as default };`,
    kinds: { MemoryStore: 'memory' },
  },
  {
    names: ['express-rate-limit', 'express-slow-down'],
    declarations: `${classOf('MemoryStore')} export function rateLimit(...args: any[]): any; export function slowDown(...args: any[]): any; export { rateLimit as default }; export type Options = any; export type RateLimitRequestHandler = any; export type Store = any;`,
    kinds: { MemoryStore: 'memory' },
    middleware: {
      exports: ['rateLimit', 'slowDown', 'default'],
      storeOption: 'store',
      passOption: 'passOnStoreError',
    },
  },
  {
    names: ['hono-rate-limiter'],
    declarations: `${classOf('MemoryStore')} ${classOf('RedisStore')} export function rateLimiter<A = any, B = any, C = any>(...args: any[]): any;`,
    kinds: { MemoryStore: 'memory', RedisStore: 'store' },
    middleware: { exports: ['rateLimiter'], storeOption: 'store' },
  },
  {
    names: ['koa-ratelimit'],
    declarations: 'export default function ratelimit(...args: any[]): any;',
    kinds: {},
    // Its own default is to refuse to start; `driver: 'memory'` is an explicit choice.
  },
  {
    names: ['@fastify/rate-limit'],
    declarations: 'declare const plugin: any; export default plugin; export { plugin as fastifyRateLimit };',
    kinds: {},
    middleware: {
      exports: ['default', 'fastifyRateLimit', 'plugin'],
      storeOption: 'redis',
      passOption: 'skipOnError',
    },
  },
  {
    names: ['lru-cache'],
    declarations: `export class LRUCache<K = any, V = any, C = any> { constructor(...args: any[]); get(key: K): V | undefined; set(key: K, value: V): this; has(key: K): boolean; delete(key: K): boolean; ${anything} } export { LRUCache as default };`,
    kinds: { LRUCache: 'memory' },
  },
  {
    names: ['node-cache', 'quick-lru', '@isaacs/ttlcache', 'tiny-lru', 'memory-cache', 'mnemonist/lru-cache'],
    declarations: `${classOf('MemoryCache')} export { MemoryCache as default, MemoryCache as TTLCache, MemoryCache as NodeCache };`,
    kinds: { MemoryCache: 'memory' },
  },
  {
    names: ['bullmq', 'bull', 'bee-queue'],
    declarations: ['Queue', 'Worker', 'QueueEvents', 'FlowProducer', 'Job']
      .map(
        (name) =>
          `export class ${name}<A = any, B = any, C extends string = any> { constructor(...args: any[]); ${anything} }`,
      )
      .concat(
        'export { Queue as default }; export type QueueOptions = any; export type ConnectionOptions = any; export type Processor<A = any, B = any, C = any> = any;',
      )
      .join('\n'),
    kinds: { Queue: 'queue', Worker: 'queue', QueueEvents: 'queue', FlowProducer: 'queue' },
  },
]
