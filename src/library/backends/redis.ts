import type { Redis } from 'ioredis'
import { systemClock, type Clock } from '../kernel/clock.js'
import { NotConnectedError } from '../kernel/errors.js'
import type { RedisKeyValueClient } from './backend.js'
import { clientNotInstalled } from './client-not-installed.js'
import { ConnectionWatchdog } from './connection-watchdog.js'
import { readEvictionPolicy } from './eviction-policy.js'
import { KnownScripts } from './known-scripts.js'
import { safeRedisOptions, timeLimits } from './redis-options.js'
import { databaseOf, withPassword } from './redis-url.js'
import type { Script } from './script.js'
import { ServerClock } from './server-clock.js'
import { whyNotConnected, WRONG_DATABASE } from './why-not-connected.js'
import { SCRIPT_WEIGHT, WriteBatch } from './write-batch.js'

export interface RedisClientOptions {
  /** `redis://` or `rediss://`. */
  url: string
  /** Used when the URL carries none. */
  password?: string | undefined
  /** How long a command may take, in ms; what took 1 s more is given up by ioredis itself. @default 100 */
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
  readonly #clock: Clock
  readonly #deadlineMs: number
  readonly #serverClock: ServerClock
  readonly #scripts = new KnownScripts()
  readonly #batch = new WriteBatch()
  readonly #readyListeners = new Set<() => void>()
  #redis: Redis | null = null
  #watchdog: ConnectionWatchdog | null = null
  readonly started: Promise<void>
  #lastError: Error | null = null
  #closed = false
  #database = 0
  /** Of this connection; ioredis goes on in database 0 when the server refuses the one that the URL names. */
  #isInDatabase = false
  /** The stream on which a sign of life is awaited. */
  #awaited: unknown = null
  #numbered: { stream: unknown; number: number } = { stream: null, number: 0 }

  constructor(options: RedisClientOptions) {
    this.#clock = options.clock ?? systemClock
    this.#deadlineMs = options.deadlineMs ?? 100
    this.#serverClock = new ServerClock(this.#clock)
    this.started = this.#start(options)
  }

  get(key: string): Promise<string | null> {
    return this.#with((redis) => redis.get(key))
  }

  set(key: string, value: string, ttlSeconds?: number): Promise<void> {
    return this.#with(async (redis) => {
      if (ttlSeconds === undefined) await redis.set(key, value)
      else await redis.set(key, value, 'PX', Math.max(1, Math.round(ttlSeconds * 1000)))
    })
  }

  del(key: string): Promise<void> {
    return this.#with(async (redis) => {
      await redis.del(key)
    })
  }

  async ping(): Promise<string> {
    // What kept us out of the database may be over, of which no new connection tells.
    const redis = this.#redis
    if (redis?.status === 'ready' && !this.#isInDatabase) await this.#becameReady(redis)
    return this.#with(async (redis) => {
      if (this.#serverClock.now() === null) await this.#readServerClock(redis)
      const askedAt = this.#clock.now()
      try {
        const pong = await redis.ping()
        // Nobody waited for it, but it tells that a hang is over.
        if (this.#clock.now() - askedAt > this.#deadlineMs) this.#announceReady()
        return pong
      } catch (error) {
        this.#awaitLife(redis)
        throw error
      }
    })
  }

  async eval(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const redis = this.#asked(this.#ready() ?? (await this.#connected()), SCRIPT_WEIGHT)
    const askedAt = this.#clock.now()
    const reply = await this.#scripts.run(script, {
      byName: (sha) => redis.evalsha(sha, keys.length, ...keys, ...args),
      byText: (lua) => redis.eval(lua, keys.length, ...keys, ...args),
    })
    const serverMs = script.serverMs?.(reply)
    if (serverMs !== undefined) this.#serverClock.observe(serverMs, askedAt)
    return reply
  }

  evictionPolicy = () => this.#with(readEvictionPolicy)

  serverNow(): number | null {
    return this.#serverClock.now()
  }

  connection(): number | null {
    const stream = this.#ready()?.stream
    if (!stream) return null
    if (stream !== this.#numbered.stream) this.#numbered = { stream, number: this.#numbered.number + 1 }
    return this.#numbered.number
  }

  onReady(listener: () => void): () => void {
    this.#readyListeners.add(listener)
    return () => void this.#readyListeners.delete(listener)
  }

  close(): Promise<void> {
    this.#closed = true
    this.#readyListeners.clear()
    this.#watchdog?.stop()
    this.#redis?.disconnect()
    return Promise.resolve()
  }

  #with<T>(use: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = this.#ready()
    return redis
      ? use(this.#asked(redis))
      : this.#connected().then((connected) => use(this.#asked(connected)))
  }

  /** To be called before each command. */
  #asked(redis: Redis, weight?: number): Redis {
    this.#batch.hold(redis.stream, weight)
    this.#watchdog?.watch()
    return redis
  }

  #ready(): Redis | null {
    return this.#isInDatabase && this.#redis?.status === 'ready' ? this.#redis : null
  }

  async #connected(): Promise<Redis> {
    await this.started
    const redis = this.#ready()
    if (redis) return redis
    throw whyNotConnected(this.#lastError)
  }

  async #start(options: RedisClientOptions): Promise<void> {
    try {
      const ioredis = await import('ioredis').catch((error: unknown) => {
        throw clientNotInstalled('redis', error)
      })
      // A bundler that loads this CommonJS package on demand hands over its default export alone.
      const IoredisConstructor = ioredis.Redis ?? ioredis.default
      const database = databaseOf(options.url)
      // ioredis would take it for number NaN, which the server refuses, and go on in database 0.
      if (database === null) throw new NotConnectedError({ code: WRONG_DATABASE })
      this.#database = database
      if (!this.#closed) await this.#open(IoredisConstructor, options)
    } catch (error) {
      // A client that cannot be loaded or built is a backend that is not there, not a mistake of this one call.
      this.#lastError = error instanceof NotConnectedError ? error : new NotConnectedError({ cause: error })
    }
  }

  /** Resolves when the first connection is usable or has failed, after `deadlineMs` at the latest. */
  #open(IoredisConstructor: typeof Redis, options: RedisClientOptions): Promise<void> {
    const deadlineMs = this.#deadlineMs
    const redis = new IoredisConstructor(withPassword(options.url, options.password), {
      ...safeRedisOptions(this.#clock),
      connectionName: options.connectionName ?? 'transparent-cache',
    })
    this.#redis = redis
    const limits = timeLimits(deadlineMs)
    this.#watchdog = ConnectionWatchdog.of(redis, { clock: this.#clock, ...limits })
    if (!this.#watchdog) Object.assign(redis.options, limits)
    redis.on('close', () => {
      this.#isInDatabase = false
      this.#serverClock.forget()
      this.#scripts.forget()
    })
    return new Promise((resolve) => {
      // Loading the client kept the event loop busy; what lies in the sockets gets its turn first.
      const timer = this.#clock.setTimer(() => this.#clock.afterPendingIo(resolve), deadlineMs)
      const settle = () => {
        this.#clock.clearTimer(timer)
        resolve()
      }
      // Without a listener ioredis writes each error to the console.
      redis.on('error', (error: Error) => {
        this.#lastError = error
        settle()
      })
      redis.on('ready', () => {
        this.#lastError = null
        void this.#becameReady(redis).finally(settle)
      })
    })
  }

  async #becameReady(redis: Redis): Promise<void> {
    const { stream } = redis
    if (this.#database !== 0) {
      try {
        await redis.select(this.#database)
      } catch (error) {
        this.#lastError = new NotConnectedError({ code: WRONG_DATABASE, cause: error })
        const isAnswer = error instanceof Error && error.name === 'ReplyError'
        // Nobody knows where a connection is that did not answer in time.
        if (!isAnswer && redis.status === 'ready' && redis.stream === stream) redis.disconnect(true)
        return
      }
      // Meanwhile there may be another connection, for which nothing is known yet.
      if (redis.stream !== stream) return
    }
    this.#isInDatabase = true
    await this.#readServerClock(redis)
    this.#announceReady()
  }

  #announceReady(): void {
    for (const listener of this.#readyListeners) listener()
  }

  /**
   * A hang that ends before the socket is given up brings no new connection. Whatever arrives first is as good a reason
   * to probe at once.
   */
  #awaitLife(redis: Redis): void {
    const { stream } = redis
    if (redis.status !== 'ready' || this.#awaited === stream) return
    this.#awaited = stream
    stream.once('data', () => {
      this.#awaited = null
      this.#announceReady()
    })
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
