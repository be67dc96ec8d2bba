import type { Redis, RedisConfigNodejs } from '@upstash/redis'
import { systemClock, type Clock } from '../kernel/clock.js'
import { NotConnectedError } from '../kernel/errors.js'
import type { RedisKeyValueClient } from './backend.js'
import { clientNotInstalled } from './client-not-installed.js'
import { KnownScripts } from './known-scripts.js'
import type { Script } from './script.js'
import { ServerClock } from './server-clock.js'
import { isRedisReply, withoutContents } from './upstash-error.js'
import { upstashScript } from './upstash-script.js'

/**
 * How much later than the deadline the client itself gives a command up, in ms. Its timer is a bare one, although the
 * answer may lie in the socket after a stall of our own event loop. So it only ends what nobody waits for any more; how
 * long callers wait is for the guard to say, which looks first.
 */
const STALL_MS = 1000

export interface UpstashClientOptions {
  /** `https://…`, as UPSTASH_REDIS_REST_URL. */
  url: string
  /** As UPSTASH_REDIS_REST_TOKEN. */
  token: string
  /** How long a command may take, in ms; what took 1 s more is given up by the client itself. @default 300 */
  deadlineMs?: number
  /** @internal */
  clock?: Clock
}

/**
 * Settings that bound every wait, send every command once, and leave values alone. Why each: feasibility study §4; with
 * a `signal` that is no function, a command that was given up counts as answered with null.
 */
function safeUpstashSettings({ url, token }: UpstashClientOptions, deadlineMs: number): RedisConfigNodejs {
  return {
    url,
    token,
    automaticDeserialization: false,
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(deadlineMs + STALL_MS),
    enableTelemetry: false,
    // Commands of one turn would share one request: the slowest decides for all (20 reads beside one of 4 MB: 116 ms
    // instead of 40), one answer that is late fails them all, which opens the breaker, and one that is too large as well.
    enableAutoPipelining: false,
  }
}

/**
 * A client over @upstash/redis that asks once and never longer than it was told.
 *
 * Never throws when built: what goes wrong is the rejection of the operation that met it, without keys, values, bodies
 * or the token in it. @upstash/redis is loaded on first use of this function; where it is not installed the backend
 * counts as away, and a warning says so.
 */
export function createUpstashClient(options: UpstashClientOptions): RedisKeyValueClient {
  return new UpstashRestClient(options)
}

class UpstashRestClient implements RedisKeyValueClient {
  readonly #clock: Clock
  readonly #serverClock: ServerClock
  readonly #scripts = new KnownScripts()
  readonly #pending = new Set<(error: Error) => void>()
  readonly #loaded: Promise<Redis>
  readonly started: Promise<void>
  /** There is no connection whose end would tell; whatever was asked before this may come from another server. */
  #trustedFrom = -Infinity
  #learning: Promise<void> | null = null
  #closed = false

  constructor(options: UpstashClientOptions) {
    const { clock = systemClock, deadlineMs = 300 } = options
    this.#clock = clock
    this.#serverClock = new ServerClock(clock)
    this.#loaded = load(options, deadlineMs)
    this.started = this.#start()
  }

  get(key: string): Promise<string | null> {
    return this.#ask(async (redis) => {
      const value: unknown = await redis.get(key)
      if (typeof value === 'string' || value === null) return value
      // A service that answers the value's JSON instead of its text.
      return JSON.stringify(value)
    })
  }

  set(key: string, value: string, ttlSeconds?: number): Promise<void> {
    return this.#ask(async (redis) => {
      if (ttlSeconds === undefined) await redis.set(key, value)
      else await redis.set(key, value, { px: Math.max(1, Math.round(ttlSeconds * 1000)) })
    })
  }

  del(key: string): Promise<void> {
    return this.#ask(async (redis) => {
      await redis.del(key)
    })
  }

  async ping(): Promise<string> {
    if (this.#serverClock.now() === null) {
      await this.#learnTime()
      // Who tells the time is there.
      if (this.#serverClock.now() !== null) return 'PONG'
    }
    return this.#ask((redis) => redis.ping())
  }

  eval(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#ask(async (redis) => {
      const askedAt = this.#clock.now()
      const reply = await this.#scripts.run(upstashScript(script), {
        byName: (sha) => redis.evalsha(sha, [...keys], [...args]),
        byText: (lua) => redis.eval(lua, [...keys], [...args]),
      })
      const serverMs = script.serverMs?.(reply)
      if (serverMs !== undefined) this.#observe(serverMs, askedAt)
      return reply
    })
  }

  serverNow(): number | null {
    return this.#serverClock.now()
  }

  close(): Promise<void> {
    this.#closed = true
    for (const fail of this.#pending) fail(new NotConnectedError())
    return Promise.resolve()
  }

  /** Resolves when the client is loaded. The time is asked for already, and nobody waits for it who does not write. */
  async #start(): Promise<void> {
    try {
      await this.#loaded
      void this.#learnTime().catch(() => undefined)
    } catch {
      // Each operation meets it, which is where it is reported.
    }
  }

  /** One question for all who wait for the answer. Rejects only when nothing answers. */
  #learnTime(): Promise<void> {
    this.#learning ??= this.#readServerClock().finally(() => (this.#learning = null))
    return this.#learning
  }

  async #readServerClock(): Promise<void> {
    const askedAt = this.#clock.now()
    try {
      const [seconds, micros] = await this.#ask((redis) => redis.time())
      this.#observe(Number(seconds) * 1000 + Number(micros) / 1000, askedAt)
    } catch (error) {
      // Who may not ask for the time can still read.
      if (!isRedisReply(error)) throw error
    }
  }

  #observe(serverMs: number, askedAt: number): void {
    if (askedAt >= this.#trustedFrom) this.#serverClock.observe(serverMs, askedAt)
  }

  #ask<T>(use: (redis: Redis) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) return reject(new NotConnectedError())
      this.#pending.add(reject)
      this.#loaded
        .then(use)
        .then(resolve, (error: unknown) => reject(this.#failed(error)))
        .finally(() => this.#pending.delete(reject))
    })
  }

  #failed(error: unknown): Error {
    const failure = withoutContents(error)
    if (!isRedisReply(failure)) {
      // Another server may answer next, with another clock and none of our scripts.
      this.#trustedFrom = this.#clock.now()
      this.#serverClock.forget()
      this.#scripts.forget()
    }
    return failure
  }
}

/** Rejects with NotConnectedError: a client that cannot be loaded or built is a backend that is not there. */
function load(options: UpstashClientOptions, deadlineMs: number): Promise<Redis> {
  const loaded = import('@upstash/redis').then(
    ({ Redis }) => build(Redis, options, deadlineMs),
    (error: unknown) => {
      throw clientNotInstalled('upstash', error)
    },
  )
  // Whoever asks gets the rejection; nobody may ask.
  loaded.catch(() => undefined)
  return loaded
}

function build(UpstashRedis: typeof Redis, options: UpstashClientOptions, deadlineMs: number): Redis {
  // Of what it cannot use the client tells the console, of some with every command.
  const isUsable = /^\S+$/.test(options.url) && /^\S+$/.test(options.token)
  if (!isUsable) throw new NotConnectedError({ code: 'NOT_CONFIGURED' })
  try {
    return new UpstashRedis(safeUpstashSettings(options, deadlineMs))
  } catch {
    // Its error repeats the URL.
    throw new NotConnectedError({ code: 'BAD_URL' })
  }
}
