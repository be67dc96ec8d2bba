import type { Redis } from 'ioredis'
import type { Command, OperatorClient, OperatorClientOptions } from './operator-client.js'
import { serverError, OperatorError, whyNotConnected } from './operator-error.js'
import { RawChannel } from './raw-channel.js'
import { RawReplies } from './raw-replies.js'
import { databaseOf, withPassword } from './redis-url.js'

export type { Command, OperatorClient, OperatorClientOptions } from './operator-client.js'

/** No wait to a person, and enough for the reply to a command that is under way. */
const LAST_REPLY_MS = 250

/**
 * A connected client, named `cache-cli` in CLIENT LIST. It never hangs: a connection that is not usable in time is an
 * error, and a missed deadline ends the connection, because what the server answers later belongs to nobody.
 *
 * @throws OperatorError whose code says why: `ECONNREFUSED`, `ENOTFOUND`, `TIMEOUT`, `BAD_URL`, `NO_DATABASE` when the
 * server has none of the number in the URL, `ABORTED`, or the server's own word, such as `NOAUTH` or `LOADING`
 */
export async function createOperatorClient(options: OperatorClientOptions): Promise<OperatorClient> {
  const { deadlineMs = 1000, connectTimeoutMs = 2000, protocol = 3, signal, despite = [] } = options
  const address = addressOf(options.url)
  const database = databaseOf(options.url)
  if (database === null) {
    throw new OperatorError('BAD_URL', `The database in the URL of ${address} is not a number.`)
  }
  const ioredis = await import('ioredis')
  // The bundle that loads this CommonJS package on demand hands over its default export alone.
  const IoredisConstructor = ioredis.Redis ?? ioredis.default
  const redis = new IoredisConstructor(withPassword(options.url, options.password), {
    connectionName: 'cache-cli',
    // Redis before 7.2 knows no CLIENT SETINFO and counts each as an error, which somebody may be watching.
    disableClientInfo: true,
    protocol,
    connectTimeout: connectTimeoutMs,
    // Its timer outlives a refused connection and would keep the process waiting.
    disconnectTimeout: 10,
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  const client = new IoredisOperatorClient(redis, address, deadlineMs, signal)
  await client.connect(connectTimeoutMs, database, despite)
  return client
}

// cache-audit-ignore R8: the operators' tool, which serves no request
class IoredisOperatorClient implements OperatorClient {
  readonly #redis: Redis
  readonly #deadlineMs: number
  readonly address: string
  readonly #signal: AbortSignal | undefined
  /** One for each question that waits for its reply. */
  readonly #waiting = new Set<(failure: OperatorError) => void>()
  /** Questions that ioredis has sent and not heard of. */
  readonly #asked = new Set<Promise<unknown>>()
  #channel: RawChannel | null = null
  #connected = false
  #lastReplies: NodeJS.Timeout | undefined
  #failure: OperatorError | null = null
  #lastError: Error | null = null
  #pingRefusal: OperatorError | null = null

  constructor(redis: Redis, address: string, deadlineMs: number, signal: AbortSignal | undefined) {
    this.#redis = redis
    this.address = address
    this.#deadlineMs = deadlineMs
    this.#signal = signal
    signal?.addEventListener('abort', this.#onAbort)
    if (signal?.aborted) this.#onAbort()
    // Without a listener ioredis writes each error to the console.
    redis.on('error', (error: Error) => (this.#lastError = error))
  }

  get pingRefusal(): OperatorError | null {
    return this.#pingRefusal
  }

  async connect(connectTimeoutMs: number, database: number, despite: readonly string[]): Promise<void> {
    try {
      await this.#within(connectTimeoutMs, async () => {
        await this.#redis.connect()
        await this.#ping(despite)
        if (database !== 0) await this.#select(database)
      })
      this.#connected = true
    } catch (error) {
      this.close()
      if (error instanceof OperatorError && error.code !== 'CLOSED') throw error
      throw whyNotConnected(this.#lastError ?? error, this.address)
    }
  }

  /** Only an answer tells that the server lets us in and has loaded its data. */
  async #ping(despite: readonly string[]): Promise<void> {
    try {
      const answer: unknown = await this.#redis.ping()
      if (answer === 'PONG') return
    } catch (error) {
      const refusal = serverError(error, this.address)
      if (!refusal || !despite.includes(refusal.code)) throw error
      this.#pingRefusal = refusal
      return
    }
    throw new OperatorError(
      'PROTOCOL',
      `What answers on ${this.address} does not say PONG to PING: no Redis.`,
    )
  }

  /** ioredis selects as well, and when that is refused it stays in database 0 without a word. */
  async #select(database: number): Promise<void> {
    try {
      // cache-audit-ignore R5: for operators, who must be told; each command turns it into its own answer
      await this.#redis.call('SELECT', database)
    } catch (error) {
      const refusal = serverError(error, this.address)
      if (refusal?.code !== 'ERR') throw error
      const said = refusal.reply ?? ''
      throw new OperatorError('NO_DATABASE', `${this.address} has no database ${database}: ${said}.`)
    }
  }

  send(...[name, ...args]: Command): Promise<unknown> {
    // cache-audit-ignore R5: for operators, who must be told; each command turns it into its own answer
    return this.#ask(() => this.#redis.call(name, ...args))
  }

  sendBytes(...[name, ...args]: Command): Promise<unknown> {
    // cache-audit-ignore R5: for operators, who must be told; each command turns it into its own answer
    return this.#ask(() => this.#redis.callBuffer(name, ...args))
  }

  pipeline(commands: readonly Command[]): Promise<unknown[]> {
    return this.#pipeline(commands, false)
  }

  pipelineBytes(commands: readonly Command[]): Promise<unknown[]> {
    return this.#pipeline(commands, true)
  }

  readonly exchange = (payload: Buffer, commands: number): Promise<unknown[]> =>
    this.#within(this.#deadlineMs, async () => {
      while (this.#asked.size > 0) await Promise.allSettled(this.#asked)
      // Whoever waited may find the connection gone.
      if (this.#failure) throw this.#failure
      const channel = (this.#channel ??= new RawChannel(this.#redis.stream))
      const replies = new RawReplies(commands, this.address)
      await channel.exchange(payload, replies)
      return replies.values
    })

  close(): void {
    this.#failure ??= new OperatorError('CLOSED', `The connection to ${this.address} is closed.`)
    this.#cut()
  }

  readonly #onAbort = (): void => {
    const giveUp = () =>
      this.#fail('ABORTED', `${this.address} was not waited for any longer.`, this.#signal?.reason)
    if (this.#connected) this.#lastReplies = setTimeout(giveUp, LAST_REPLY_MS)
    else giveUp()
  }

  #fail(code: string, message: string, cause?: unknown): void {
    const failure = (this.#failure ??= new OperatorError(code, message, { cause }))
    this.#cut()
    for (const reject of this.#waiting) reject(failure)
  }

  #cut(): void {
    clearTimeout(this.#lastReplies)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#redis.disconnect()
    // Saying goodbye waits for the other side, and a server that hangs keeps the process alive with it.
    this.#redis.stream?.destroy()
  }

  #pipeline(commands: readonly Command[], bytes: boolean): Promise<unknown[]> {
    return this.#ask(async () => {
      const pipeline = this.#redis.pipeline()
      for (const [name, ...args] of commands) {
        if (bytes) pipeline.callBuffer(name, ...args)
        else pipeline.call(name, ...args)
      }
      // cache-audit-ignore R5: for operators, who must be told; each command turns it into its own answer
      const replies = (await pipeline.exec()) ?? []
      return replies.map(([error, reply]) => {
        if (!error) return reply
        const refusal = serverError(error, this.address)
        // Replies that never came are a lost connection, not refusals.
        if (!refusal) throw error
        return refusal
      })
    })
  }

  /** What ioredis is to do; it shares the connection with the channel, and only one of them can wait for replies. */
  #ask<T>(ask: () => Promise<T>): Promise<T> {
    return this.#within(this.#deadlineMs, async () => {
      while (this.#channel?.busy) await this.#channel.idle()
      const asked = ask()
      this.#asked.add(asked)
      try {
        return await asked
      } finally {
        this.#asked.delete(asked)
      }
    })
  }

  async #within<T>(ms: number, ask: () => Promise<T>): Promise<T> {
    if (this.#failure) throw this.#failure
    let giveUp: (failure: OperatorError) => void = () => {}
    const failed = new Promise<never>((_resolve, reject) => (giveUp = reject))
    this.#waiting.add(giveUp)
    const timer = setTimeout(
      () => this.#fail('TIMEOUT', `${this.address} did not answer within ${ms} ms.`),
      ms,
    )
    try {
      return await Promise.race([ask(), failed])
    } catch (error) {
      if (error instanceof OperatorError) throw error
      const refusal = serverError(error, this.address)
      if (refusal) throw refusal
      throw (
        this.#failure ??
        new OperatorError('CLOSED', `${this.address} closed the connection.`, { cause: error })
      )
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(giveUp)
    }
  }
}

/** `host:port` of a URL, without what must not be shown. */
function addressOf(url: string): string {
  if (!URL.canParse(url))
    throw new OperatorError('BAD_URL', 'The URL of the server is not a redis:// or rediss:// URL.')
  const { hostname, port } = new URL(url)
  return `${hostname === '' ? 'localhost' : hostname}:${port === '' ? 6379 : port}`
}
