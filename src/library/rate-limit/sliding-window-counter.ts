import type { RedisKeyValueClient } from '../backends/backend.js'
import { families } from '../families/families.js'
import { encodeSegment } from '../families/segment.js'
import type { Clock } from '../kernel/clock.js'
import { ClockUnknownError } from '../kernel/errors.js'
import type { Caller } from '../resilience/guard.js'
import type { Counted, Counter, Uncounted } from './backend.js'
import { parseWindowReply, slidingWindowScript } from './sliding-window-script.js'
import { lifetimeMs, slotUs } from './sliding-window.js'

interface SlidingWindowOptions {
  client: RedisKeyValueClient
  clock: Clock
  name: string
  limit: number
  windowMs: number
  deadlineMs: number
}

/** Counts in Redis, by Redis' clock, in one key per identifier. */
export class SlidingWindowCounter implements Counter {
  readonly #options: SlidingWindowOptions
  readonly #limit: string
  readonly #slotUs: string
  readonly #lifetimeMs: string
  readonly #keyPrefix: string
  #notAfter = { ms: Number.NaN, us: '' }

  constructor(options: SlidingWindowOptions) {
    this.#options = options
    this.#limit = String(options.limit)
    this.#slotUs = String(slotUs(options.windowMs))
    this.#lifetimeMs = String(lifetimeMs(options.windowMs))
    this.#keyPrefix = families.rateLimit.pattern.build({ bucket: options.name, identifier: 'x' }).slice(0, -1)
  }

  take(identifier: string, cost: number, caller?: Caller): Promise<Counted | Uncounted> {
    return this.#ask(identifier, cost, 'take', caller)
  }

  look(identifier: string, caller?: Caller): Promise<Counted | Uncounted> {
    return this.#ask(identifier, 1, 'peek', caller)
  }

  forget(identifier: string): Promise<void> {
    return this.#options.client.del(this.#key(identifier))
  }

  async #ask(
    identifier: string,
    cost: number,
    mode: 'take' | 'peek',
    caller: Caller | undefined,
  ): Promise<Counted | Uncounted> {
    const { client, clock, limit, deadlineMs } = this.#options
    const serverNow = client.serverNow?.() ?? null
    // Whoever waits no longer has been told otherwise, so what arrives later must not count.
    const notAfterMs =
      serverNow === null ? await learnNotAfter(client, clock, deadlineMs) : serverNow + deadlineMs
    let answer = parseWindowReply(await this.#send(identifier, cost, mode, notAfterMs))
    // It was held up where nobody's time runs, in a long turn of our own, or the caller would have been let go. It was
    // not counted, so it is asked again, once, with what may be left of the time that is given after such a turn.
    const laterNow = answer === 'late' && caller?.settled === false ? client.serverNow?.() : null
    if (typeof laterNow === 'number')
      answer = parseWindowReply(await this.#send(identifier, cost, mode, laterNow + deadlineMs / 2))
    if (answer === null) return { uncounted: 'UNKNOWN_REPLY' }
    if (answer === 'late') return { uncounted: 'LATE' }
    return {
      allowed: answer.allowed,
      limit,
      // The limit may have been lowered since.
      remaining: Math.max(0, limit - answer.used),
      retryAfterMs: Math.ceil(answer.retryAfterUs / 1000),
      resetAfterMs: Math.ceil(answer.resetAfterUs / 1000),
    }
  }

  #send(
    identifier: string,
    cost: number,
    mode: 'take' | 'peek',
    notAfterMs: number,
  ): Promise<unknown> | undefined {
    const args = [this.#limit, this.#slotUs, this.#inMicros(notAfterMs), this.#lifetimeMs]
    // Each word costs on both sides, and nearly all are one request.
    if (mode === 'peek') args.push(String(cost), mode)
    else if (cost !== 1) args.push(String(cost))
    return this.#options.client.eval?.(slidingWindowScript, [this.#key(identifier)], args)
  }

  /** Whole ms, in µs; many checks share one, and large numbers are slow to spell. */
  #inMicros(notAfterMs: number): string {
    const ms = Math.floor(notAfterMs)
    if (ms !== this.#notAfter.ms) this.#notAfter = { ms, us: `${ms}000` }
    return this.#notAfter.us
  }

  #key(identifier: string): string {
    return this.#keyPrefix + encodeSegment(identifier)
  }
}

/** Without the server's time a late request could not be told from one in time, so nothing is counted. */
async function learnNotAfter(client: RedisKeyValueClient, clock: Clock, deadlineMs: number): Promise<number> {
  const startedAt = clock.now()
  await client.ping?.()
  const serverNow = client.serverNow?.() ?? null
  if (serverNow === null) throw new ClockUnknownError()
  return serverNow + deadlineMs - (clock.now() - startedAt)
}
