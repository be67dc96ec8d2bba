import { anything, type KnownPackage } from './known-package.js'

/** This library: what it makes is always there, and answers whether or not Redis does. */
export const TRANSPARENT_CACHE: KnownPackage[] = [
  {
    names: ['transparent-cache'],
    declarations: `
      export interface TransparentCache { get<T = any>(...args: any[]): Promise<T | null>; set(...args: any[]): Promise<any>; del(...args: any[]): Promise<any>; getOrLoad<T = any>(...args: any[]): Promise<T>; ${anything} }
      export interface TransparentRateLimiter { limit(...args: any[]): Promise<any>; ${anything} } export type RateLimitDecision = any;
      export interface CachingStore { ${anything} }
      export interface RedisKeyValueClient { get(...args: any[]): Promise<any>; set(...args: any[]): Promise<any>; del(...args: any[]): Promise<any>; ${anything} } export type CacheBackend = RedisKeyValueClient;
      export function createTransparentCache(...args: any[]): TransparentCache; export function createRateLimiter(...args: any[]): TransparentRateLimiter; export function createTransparentRateLimiter(...args: any[]): TransparentRateLimiter; export function getRateLimiter(...args: any[]): TransparentRateLimiter;
      export function createKeyValueClient(...args: any[]): RedisKeyValueClient; export function createPassThroughRedis(...args: any[]): RedisKeyValueClient;
      export const declareFamily: any; export const resolveBackend: any; export const resolveRedisBackend: any; export const onEvent: any; export const NOT_FOUND: any;`,
    kinds: { TransparentCache: 'cache', TransparentRateLimiter: 'limiter', RedisKeyValueClient: 'client' },
    answersAlways: true,
  },
]
