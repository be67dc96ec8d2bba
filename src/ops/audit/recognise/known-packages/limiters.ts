import { classOf, type KnownPackage } from './known-package.js'

/** Limiters, and what limiters and sessions keep their state in. */
export const LIMITERS: KnownPackage[] = [
  {
    names: ['@upstash/ratelimit'],
    declarations: classOf(
      'Ratelimit',
      'static slidingWindow(...args: any[]): any; static fixedWindow(...args: any[]): any; static tokenBucket(...args: any[]): any; limit(...args: any[]): Promise<any>; blockUntilReady(...args: any[]): Promise<any>; getRemaining(...args: any[]): Promise<any>; resetUsedTokens(...args: any[]): Promise<any>;',
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
      'RateLimiterCluster',
      'RateLimiterPostgres',
      'RateLimiterMongo',
      'RateLimiterPrisma',
      'RateLimiterDrizzle',
      'BurstyRateLimiter',
      'RateLimiterUnion',
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
      // Counters of the primary process, which its workers share, and no other machine.
      RateLimiterCluster: 'memory',
      BurstyRateLimiter: 'limiter',
      RateLimiterUnion: 'limiter',
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
    middleware: { exports: ['default', 'factory'], storeOption: 'store' },
  },
  {
    names: ['@fastify/session', 'fastify-session'],
    declarations: 'declare const plugin: any; export default plugin; export { plugin as fastifySession };',
    kinds: {},
    middleware: { exports: ['default', 'fastifySession', 'plugin'], storeOption: 'store' },
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
    names: ['elysia-rate-limit'],
    declarations: `${classOf('DefaultContext')} export function rateLimit(...args: any[]): any;`,
    kinds: { DefaultContext: 'memory' },
    middleware: { exports: ['rateLimit'], storeOption: 'context' },
  },
  {
    names: ['next-rate-limit'],
    declarations: 'export default function rateLimit(...args: any[]): any; export { rateLimit };',
    kinds: {},
    // It has no such option: what it counts, it counts in the process.
    middleware: { exports: ['default', 'rateLimit'], storeOption: 'store' },
  },
  {
    names: ['koa-ratelimit'],
    declarations: 'export default function ratelimit(...args: any[]): any;',
    kinds: {},
    // Its own default is to refuse to start; `driver: 'memory'` is an explicit choice.
  },
  {
    names: ['@fastify/rate-limit', 'fastify-rate-limit'],
    declarations: 'declare const plugin: any; export default plugin; export { plugin as fastifyRateLimit };',
    kinds: {},
    middleware: {
      exports: ['default', 'fastifyRateLimit', 'plugin'],
      storeOption: 'redis',
      passOption: 'skipOnError',
    },
  },
  {
    names: ['@nestjs/throttler'],
    declarations:
      'export class ThrottlerModule { static forRoot(...args: any[]): any; static forRootAsync(...args: any[]): any } export class ThrottlerGuard { [member: string]: any } export type ThrottlerStorage = any; export type ThrottlerModuleOptions = any; export const Throttle: any; export const SkipThrottle: any; export const minutes: any; export const seconds: any;',
    kinds: {},
    middleware: { exports: ['forRoot', 'forRootAsync'], storeOption: 'storage' },
  },
  {
    names: ['@nest-lab/throttler-storage-redis', 'nestjs-throttler-storage-redis'],
    declarations: classOf('ThrottlerStorageRedisService'),
    kinds: { ThrottlerStorageRedisService: 'store' },
  },
  {
    names: ['graphql-rate-limit'],
    declarations: `${classOf('RedisStore')} ${classOf('InMemoryStore')} export function createRateLimitDirective(...args: any[]): any; export function createRateLimitRule(...args: any[]): any; export function getGraphQLRateLimiter(...args: any[]): any;`,
    kinds: { RedisStore: 'store', InMemoryStore: 'memory' },
    middleware: {
      exports: ['createRateLimitDirective', 'createRateLimitRule', 'getGraphQLRateLimiter'],
      storeOption: 'store',
    },
  },
  {
    names: ['async-ratelimiter', 'ratelimiter'],
    declarations: `${classOf('AsyncRateLimiter', 'get(...args: any[]): Promise<any>;')} export { AsyncRateLimiter as default };`,
    kinds: { AsyncRateLimiter: 'limiter' },
  },
]
