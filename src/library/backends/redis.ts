import type { Redis } from 'ioredis'
import { systemClock, type Clock } from '../kernel/clock.js'
import type { RedisKeyValueClient } from './backend.js'
import { readEvictionPolicy } from './eviction-policy.js'
import { KnownScripts } from './known-scripts.js'
import { RedisConnection } from './redis-connection.js'
import type { Script } from './script.js'
import { ServerClock } from './server-clock.js'
import { SCRIPT_WEIGHT } from './write-batch.js'

export interface RedisClientOptions {
  /** `redis://` or `rediss://`. */
  url: string
  /** Used when the URL carries none. */
  password?: string | undefined
  /** How long a command may take, in ms. A connection that is silent for 2 s (or ten deadlines) is given up. @default 100 */
  deadlineMs?: number
  /** Shown by CLIENT LIST. @default 'transparent-cache' */
  connectionName?: string
  /** @internal */
  clock?: Clock
}

/**
 * A client over ioredis 5 or 6 that fails at once instead of queueing.
 *
 * Never throws when built and emits no `error`: what goes wrong is the rejection of the operation that met it. Operations
 * issued before the first connection wait for it, at most `deadlineMs` after the client was built. ioredis is loaded
 * on first use of this function, so that pass-through services need not install it; where it is missing Redis counts as
 * away, and a warning says so.
 */
export function createRedisClient(options: RedisClientOptions): RedisKeyValueClient {
  return new IoredisClient(options)
}

class IoredisClient implements RedisKeyValueClient {
  readonly started: Promise<void>
  readonly #clock: Clock
  readonly #deadlineMs: number
  readonly #connection: RedisConnection
  readonly #serverClock: ServerClock
  readonly #scripts = new KnownScripts()

  constructor(options: RedisClientOptions) {
    const {
      clock = systemClock,
      connectionName = 'transparent-cache',
      deadlineMs = 100,
      password,
      url,
    } = options
    this.#clock = clock
    this.#deadlineMs = deadlineMs
    this.#serverClock = new ServerClock(clock)
    this.#connection = new RedisConnection({
      url,
      password,
      deadlineMs,
      connectionName,
      clock,
      onUsable: (redis) => this.#readServerClock(redis),
      onLost: () => {
        this.#serverClock.forget()
        this.#scripts.forget()
      },
    })
    this.started = this.#connection.started
  }

  get(key: string): Promise<string | null> {
    return this.#connection.use((redis) => redis.get(key))
  }

  set(key: string, value: string, ttlSeconds?: number): Promise<void> {
    return this.#connection.use(async (redis) => {
      if (ttlSeconds === undefined) await redis.set(key, value)
      else await redis.set(key, value, 'PX', Math.max(1, Math.round(ttlSeconds * 1000)))
    })
  }

  del(key: string): Promise<void> {
    return this.#connection.use(async (redis) => {
      // cache-audit-ignore R5: caches and limiters ask it under their guard
      await redis.del(key)
    })
  }

  async ping(): Promise<string> {
    await this.#connection.chooseDatabase()
    return this.#connection.use(async (redis) => {
      if (this.#serverClock.now() === null) await this.#readServerClock(redis)
      const askedAt = this.#clock.now()
      const pong = await redis.ping()
      // Nobody waited for it, but it tells that a hang is over, which brings no new connection.
      if (this.#clock.now() - askedAt > this.#deadlineMs) this.#connection.announceReady()
      return pong
    })
  }

  eval(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#connection.use(async (redis) => {
      const askedAt = this.#clock.now()
      const reply = await this.#scripts.run(script, {
        byName: (sha) => redis.evalsha(sha, keys.length, ...keys, ...args),
        byText: (lua) => redis.eval(lua, keys.length, ...keys, ...args),
      })
      const serverMs = script.serverMs?.(reply)
      if (serverMs !== undefined) this.#serverClock.observe(serverMs, askedAt)
      return reply
    }, SCRIPT_WEIGHT)
  }

  evictionPolicy = () => this.#connection.use(readEvictionPolicy)

  serverNow(): number | null {
    return this.#serverClock.now()
  }

  connection(): number | null {
    return this.#connection.number
  }

  onReady(listener: () => void): () => void {
    return this.#connection.onReady(listener)
  }

  close(): Promise<void> {
    this.#connection.close()
    return Promise.resolve()
  }

  async #readServerClock(redis: Redis): Promise<void> {
    const askedAt = this.#clock.now()
    try {
      const [seconds, micros] = (await redis.time()) as unknown as [number | string, number | string]
      this.#serverClock.observe(Number(seconds) * 1000 + Number(micros) / 1000, askedAt)
    } catch {
      // The clock stays unknown and nothing is written until a connection tells it.
    }
  }
}
