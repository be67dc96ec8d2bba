import { anything, classOf, type KnownPackage } from './known-package.js'

/** Caches over a client, with one interface for several stores. */
export const CACHES: KnownPackage[] = [
  {
    names: ['@keyv/redis', '@keyv/valkey', '@keyv/upstash'],
    declarations: `${classOf('KeyvRedis')} export { KeyvRedis as default }; export function createClient(...args: any[]): any;
      export interface Keyv { get(...args: any[]): Promise<any>; set(...args: any[]): Promise<boolean>; ${anything} } export function createKeyv(...args: any[]): Keyv;`,
    kinds: { KeyvRedis: 'store', Keyv: 'cache' },
  },
  {
    names: ['keyv'],
    declarations: `${classOf('Keyv', 'get(...args: any[]): Promise<any>; set(...args: any[]): Promise<boolean>;')} export { Keyv as default };
      export interface Store<V = any> { get(key: string): Promise<V | undefined>; set(...args: any[]): Promise<any>; delete(key: string): Promise<boolean>; ${anything} }
      export type KeyvStoreAdapter = Store; export type KeyvOptions = any;`,
    kinds: { Keyv: 'cache', Store: 'cache' },
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
    names: [
      'cache-manager-redis',
      'cache-manager-redis-yet',
      'cache-manager-ioredis-yet',
      'cache-manager-redis-store',
      'cache-manager-ioredis',
      'cache-manager-ioredis-store',
      '@tirke/node-cache-manager-ioredis',
      '@tirke/node-cache-manager-redis',
    ],
    declarations: `
      export interface RedisStore { ${anything} }
      export function redisStore(...args: any[]): Promise<RedisStore>; export function redisInsStore(...args: any[]): RedisStore;
      export function ioRedisStore(...args: any[]): RedisStore; export default redisStore;`,
    kinds: { RedisStore: 'store' },
  },
]
