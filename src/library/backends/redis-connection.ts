import type { Redis } from 'ioredis'
import type { Clock } from '../kernel/clock.js'
import { NotConnectedError } from '../kernel/errors.js'
import { clientNotInstalled } from './client-not-installed.js'
import { ConnectionWatchdog } from './connection-watchdog.js'
import { safeRedisOptions, silentMs } from './redis-options.js'
import { databaseOf, withPassword } from './redis-url.js'
import { whyNotConnected, WRONG_DATABASE } from './why-not-connected.js'
import { WriteBatch } from './write-batch.js'

export interface RedisConnectionOptions {
  url: string
  password: string | undefined
  deadlineMs: number
  connectionName: string
  clock: Clock
  /** Called with each connection that became usable, before anybody hears of it. */
  onUsable: (redis: Redis) => Promise<void>
  onLost: () => void
}

/** The connection of one client over ioredis: usable in the database that its URL names, or not at all. */
// cache-audit-ignore R8: the guard above it counts and measures each operation
export class RedisConnection {
  /** Resolves when the first connection is usable or has failed, at most one deadline after ioredis was loaded. */
  readonly started: Promise<void>
  readonly #options: RedisConnectionOptions
  readonly #batch = new WriteBatch()
  readonly #readyListeners = new Set<() => void>()
  #redis: Redis | null = null
  #watchdog: ConnectionWatchdog | null = null
  #lastError: Error | null = null
  #closed = false
  #database = 0
  /** Of this connection; ioredis goes on in database 0 when the server refuses the one that the URL names. */
  #isInDatabase = false
  #numbered: { stream: unknown; number: number } = { stream: null, number: 0 }

  constructor(options: RedisConnectionOptions) {
    this.#options = options
    this.started = this.#start()
  }

  /** Sends at once where the connection is usable; rejects with what keeps it from that, once it has been tried. */
  use<T>(send: (redis: Redis) => Promise<T>, weight?: number): Promise<T> {
    const redis = this.#ready()
    return redis
      ? this.#send(redis, send, weight)
      : this.#connected().then((connected) => this.#send(connected, send, weight))
  }

  /** Tries the database again: what kept us out of it may be over, of which no new connection tells. */
  async chooseDatabase(): Promise<void> {
    const redis = this.#redis
    if (redis?.status === 'ready' && !this.#isInDatabase) await this.#becameReady(redis)
  }

  /** Another number for each connection; null while none is usable. */
  get number(): number | null {
    const stream = this.#ready()?.stream
    if (!stream) return null
    if (stream !== this.#numbered.stream) this.#numbered = { stream, number: this.#numbered.number + 1 }
    return this.#numbered.number
  }

  onReady(listener: () => void): () => void {
    this.#readyListeners.add(listener)
    return () => void this.#readyListeners.delete(listener)
  }

  announceReady(): void {
    for (const listener of this.#readyListeners) listener()
  }

  close(): void {
    this.#closed = true
    this.#readyListeners.clear()
    this.#watchdog?.stop()
    this.#redis?.disconnect()
  }

  #send<T>(redis: Redis, send: (redis: Redis) => Promise<T>, weight?: number): Promise<T> {
    this.#batch.hold(redis.stream, weight)
    return this.#watchdog!.expect(send(redis))
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

  async #start(): Promise<void> {
    try {
      const ioredis = await import('ioredis').catch((error: unknown) => {
        throw clientNotInstalled('redis', error)
      })
      // A bundler that loads this CommonJS package on demand hands over its default export alone.
      const IoredisConstructor = ioredis.Redis ?? ioredis.default
      const database = databaseOf(this.#options.url)
      // ioredis would take it for number NaN, which the server refuses, and go on in database 0.
      if (database === null) throw new NotConnectedError({ code: WRONG_DATABASE })
      this.#database = database
      if (!this.#closed) await this.#open(IoredisConstructor)
    } catch (error) {
      // A client that cannot be loaded or built is a backend that is not there, not a mistake of this one call.
      this.#lastError = error instanceof NotConnectedError ? error : new NotConnectedError({ cause: error })
    }
  }

  /** Resolves when the first connection is usable or has failed, after `deadlineMs` at the latest. */
  #open(IoredisConstructor: typeof Redis): Promise<void> {
    const { clock, connectionName, deadlineMs, onLost, password, url } = this.#options
    const redis = new IoredisConstructor(withPassword(url, password), {
      ...safeRedisOptions(clock),
      connectionName,
    })
    this.#redis = redis
    this.#watchdog = new ConnectionWatchdog(redis, { clock, silentMs: silentMs(deadlineMs) })
    redis.on('close', () => {
      this.#isInDatabase = false
      onLost()
    })
    return new Promise((resolve) => {
      // Loading the client kept the event loop busy; what lies in the sockets gets its turn first.
      const timer = clock.setTimer(() => clock.afterPendingIo(resolve), deadlineMs)
      const settle = () => {
        clock.clearTimer(timer)
        resolve()
      }
      // Without a listener ioredis writes each error to the console.
      // cache-audit-ignore R9: each operation that it makes fail is reported with it
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
        await this.#watchdog!.expect(redis.select(this.#database))
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
    await this.#watchdog!.expect(this.#options.onUsable(redis))
    this.announceReady()
  }
}
