import { anything, classOf, type KnownPackage } from './known-package.js'

/** State of this process. */
export const MEMORY: KnownPackage[] = [
  {
    names: ['lru-cache'],
    declarations: `export class LRUCache<K = any, V = any, C = any> { constructor(...args: any[]); get(key: K): V | undefined; set(key: K, value: V): this; has(key: K): boolean; delete(key: K): boolean; ${anything} } export { LRUCache as default };`,
    kinds: { LRUCache: 'memory' },
  },
  {
    names: [
      'node-cache',
      'quick-lru',
      '@isaacs/ttlcache',
      'tiny-lru',
      'memory-cache',
      'mnemonist/lru-cache',
      'expiry-map',
      '@cacheable/memory',
      '@cacheable/node-cache',
    ],
    declarations: `${classOf('MemoryCache')} export { MemoryCache as default, MemoryCache as TTLCache, MemoryCache as NodeCache };`,
    kinds: { MemoryCache: 'memory' },
  },
  {
    // Made for tests; elsewhere it keeps in the process what Redis should hold.
    names: ['ioredis-mock', 'redis-mock'],
    declarations: `${classOf('RedisMock', 'static Cluster: typeof RedisMock; static Redis: typeof RedisMock;')} export { RedisMock as default, RedisMock as Redis, RedisMock as Cluster };
      export function createClient(...args: any[]): RedisMock;`,
    kinds: { RedisMock: 'memory' },
  },
]
