import { anything, classOf, commands, type KnownPackage } from './known-package.js'

/** Connections to a key-value service. */
export const CLIENTS: KnownPackage[] = [
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
      export function connect(...args: any[]): Promise<RedisClientType>;
      ${classOf('RedisClient', commands)}
      export type RedisClientOptions = any;`,
    // `connect` is the module's of the same name in Deno, and `RedisClient` that of version 3.
    kinds: { RedisClientType: 'client', RedisClusterType: 'client', RedisClient: 'client' },
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
    names: ['@liaoliaots/nestjs-redis', '@songkeys/nestjs-redis', 'nestjs-redis'],
    declarations: `
      ${classOf('Redis', commands)}
      export class RedisService { getClient(...args: any[]): Redis; getOrThrow(...args: any[]): Redis; getOrNil(...args: any[]): Redis | null }
      export { RedisService as RedisManager }; export const RedisModule: any; export const InjectRedis: any; export type RedisModuleOptions = any;`,
    kinds: { Redis: 'client' },
  },
  {
    names: ['@fastify/redis'],
    declarations: `${classOf('FastifyRedis', commands)} declare const plugin: any; export default plugin; export { plugin as fastifyRedis };`,
    kinds: { FastifyRedis: 'client' },
  },
  {
    names: ['async-redis', 'handy-redis', 'tedis', '@redis/sentinel'],
    declarations: `
      export interface RedisClient { ${commands} ${anything} }
      ${classOf('Tedis', commands)}
      export function createClient(...args: any[]): RedisClient; export function createHandyClient(...args: any[]): RedisClient;
      export function createNodeRedisClient(...args: any[]): RedisClient; export function createSentinel(...args: any[]): RedisClient;`,
    kinds: { RedisClient: 'client', Tedis: 'client' },
  },
]
