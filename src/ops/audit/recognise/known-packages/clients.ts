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
]
