import { randomUUID } from 'node:crypto'
import type { RedisKeyValueClient } from '../../../library/backends/backend.js'
import {
  createTransparentCache,
  type CacheBackend,
  type CacheOptions,
  type TransparentCache,
} from '../../../library/index.js'

/** Where a trial gets its clients. */
export interface Supply {
  create(): CacheBackend | Promise<CacheBackend>
  close(backend: CacheBackend): unknown
  backendType: 'redis' | 'upstash'
}

/** A healthy backend on a busy machine must not look like one that is away. */
const PATIENT_MS = 5000

/** One run of one check: hands out keys, clients and caches, and takes all of them away at its end. */
export class Trial {
  readonly #supply: Supply
  readonly #prefix = `transparent-cache-contract:${randomUUID()}:`
  readonly #keys = new Set<string>()
  readonly #clients = new Set<CacheBackend>()
  readonly #caches = new Set<TransparentCache<unknown>>()

  constructor(supply: Supply) {
    this.#supply = supply
  }

  /** A key that nobody else has. */
  key(name = 'k'): string {
    const key = this.#prefix + name
    this.#keys.add(key)
    return key
  }

  /** A client of its own, as another process would have. */
  async client(): Promise<RedisKeyValueClient> {
    const client: RedisKeyValueClient = await this.#supply.create()
    this.#clients.add(client)
    await client.started
    return client
  }

  cache<T = unknown>(backend: CacheBackend, options: CacheOptions<T> = {}): TransparentCache<T> {
    const patient = { name: 'contract', deadlineMs: PATIENT_MS, ...options }
    const cache = createTransparentCache<T>(backend, this.#supply.backendType, patient)
    this.#caches.add(cache as TransparentCache<unknown>)
    return cache
  }

  /** Never rejects: what a check found out is worth more than what its cleaning up did. */
  async end(): Promise<void> {
    for (const cache of this.#caches) await cache.close()
    // cache-audit-ignore R6: tidies up after the verdict
    try {
      const cleaner = await this.client()
      // cache-audit-ignore R9: what is left over ends with its TTL, and the check has its verdict
      await Promise.allSettled([...this.#keys].map((key) => cleaner.del(key)))
    } catch {
      // Whatever kept it from cleaning up kept the check from passing.
    }
    for (const client of this.#clients) {
      try {
        await this.#supply.close(client)
      } catch {
        // There is a check on closing.
      }
    }
  }
}
