import { libraryLimiters } from './library-limiters.js'
import type { Subject, SubjectCache, SubjectEnvironment, SubjectLimiter, VersionedValue } from './subject.js'

/** The embedded library with its default options. */
export const library: Subject = {
  name: 'library',
  summary: 'createTransparentCache and createRateLimiter of this package with their default options',
  protocol: 'resp',
  longestTtlMs: 300_000,
  client: { library: 'transparent-cache', options: {} },
  create: createLibraryCache,
}

/** Shared with the subjects on Upstash and without Redis: what differs is the environment and nothing else. */
export async function createLibraryCache(
  { redisUrl, upstash }: SubjectEnvironment,
  options: { integrity?: boolean } = {},
): Promise<SubjectCache> {
  const { createKeyValueClient, createRateLimiter, createTransparentCache } =
    await import('../../../library/index.js')
  const backend = upstash
    ? ({ backend: 'upstash', ...upstash } as const)
    : redisUrl === null
      ? null
      : ({ backend: 'redis', url: redisUrl } as const)
  const client = createKeyValueClient(backend)
  const cache = createTransparentCache<VersionedValue>(client, backend?.backend ?? null, {
    name: 'drill',
    ...options,
  })
  return new LibraryCache(cache, client, () => libraryLimiters(createRateLimiter, backend))
}

interface LibraryParts {
  get(key: string): Promise<VersionedValue | null>
  getOrLoad(
    key: string,
    load: () => Promise<VersionedValue>,
    options?: { ttlSeconds?: number },
  ): Promise<VersionedValue | null>
  set(key: string, value: VersionedValue, ttlSeconds?: number): Promise<void>
  del(key: string): Promise<void>
  getStatus(): { state: string }
  close(): Promise<void>
}

/** Hands everything through; the client is ended with the cache, which does not own it. */
class LibraryCache implements SubjectCache {
  readonly wrapped: LibraryParts
  readonly #client: { close?(): Promise<void> }
  /** By key; how often the source has answered. */
  readonly #loadsEnded = new Map<string, number>()

  constructor(
    cache: LibraryParts,
    client: { close?(): Promise<void> },
    readonly limiters: () => SubjectLimiter[],
  ) {
    this.wrapped = cache
    this.#client = client
  }

  get(key: string): Promise<unknown> {
    return this.wrapped.get(key)
  }

  async readThrough(
    key: string,
    load: () => Promise<VersionedValue>,
    ttlSeconds?: number,
  ): Promise<{ value: unknown; loaded: boolean }> {
    const loadsBefore = this.#loadsEnded.get(key) ?? 0
    const counted = async () => {
      try {
        return await load()
      } finally {
        this.#loadsEnded.set(key, (this.#loadsEnded.get(key) ?? 0) + 1)
      }
    }
    const options = ttlSeconds === undefined ? undefined : { ttlSeconds }
    const value = await this.wrapped.getOrLoad(key, counted, options)
    // A load that ended meanwhile is the one that answered, whoever began it.
    return { value, loaded: (this.#loadsEnded.get(key) ?? 0) > loadsBefore }
  }

  set(key: string, value: VersionedValue, ttlSeconds?: number): Promise<void> {
    return this.wrapped.set(key, value, ttlSeconds)
  }

  del(key: string): Promise<void> {
    return this.wrapped.del(key)
  }

  status(): string {
    return this.wrapped.getStatus().state
  }

  async close(): Promise<void> {
    await this.wrapped.close()
    await this.#client.close?.()
  }
}
