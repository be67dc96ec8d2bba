import { naiveLimiter, type NaiveCounters } from './naive-limiter.js'
import type { SubjectCache, SubjectLimiter } from './subject.js'

/** The three commands that the wrapper sends; both majors of ioredis fit. */
export interface NaiveClient extends NaiveCounters {
  get(key: string): Promise<string | null>
  set(key: string, value: string, unit: 'EX', seconds: number): Promise<unknown>
  del(key: string): Promise<unknown>
  disconnect(): void
}

const TTL_SECONDS = 300

/** What most applications run: every call in a try/catch, every error swallowed, the client left at its defaults. */
export class NaiveCache implements SubjectCache {
  readonly #client: NaiveClient

  constructor(client: NaiveClient) {
    this.#client = client
  }

  async get(key: string): Promise<unknown> {
    try {
      const text = await this.#client.get(key)
      return text === null ? null : (JSON.parse(text) as unknown)
    } catch {
      return null
    }
  }

  async set(key: string, value: object, ttlSeconds = TTL_SECONDS): Promise<void> {
    try {
      await this.#client.set(key, JSON.stringify(value), 'EX', ttlSeconds)
    } catch {
      // The request must not fail because the cache did.
    }
  }

  async del(key: string): Promise<void> {
    try {
      await this.#client.del(key)
    } catch {
      // As above; that the old value stays behind is the flaw that C9 finds.
    }
  }

  limiters(): SubjectLimiter[] {
    return [naiveLimiter(this.#client)]
  }

  close(): void {
    this.#client.disconnect()
  }
}

/** The client of an application without Redis: always a miss, so that the wrapper has one type. */
export function noClient(): NaiveClient {
  return {
    get: () => Promise.resolve(null),
    set: () => Promise.resolve('OK'),
    del: () => Promise.resolve(0),
    incr: () => Promise.resolve(0),
    pexpire: () => Promise.resolve(0),
    disconnect: () => undefined,
  }
}
