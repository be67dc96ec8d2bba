import type { RedisKeyValueClient } from '../backends/backend.js'
import { families } from '../families/families.js'
import type { Clock } from '../kernel/clock.js'
import { ClockUnknownError } from '../kernel/errors.js'
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
  readonly #quota: readonly string[]
  readonly #lifetimeMs: string

  constructor(options: SlidingWindowOptions) {
    this.#options = options
    this.#quota = [String(options.limit), String(slotUs(options.windowMs))]
    this.#lifetimeMs = String(lifetimeMs(options.windowMs))
  }

  take(identifier: string, cost: number): Promise<Counted | Uncounted> {
    return this.#ask(identifier, cost, 'take')
  }

  look(identifier: string): Promise<Counted | Uncounted> {
    return this.#ask(identifier, 1, 'peek')
  }

  forget(identifier: string): Promise<void> {
    return this.#options.client.del(this.#key(identifier))
  }

  async #ask(identifier: string, cost: number, mode: 'take' | 'peek'): Promise<Counted | Uncounted> {
    const { client, clock, limit, deadlineMs } = this.#options
    const startedAt = clock.now()
    const serverNow = client.serverNow?.() ?? (await learnServerTime(client))
    // Whoever waits no longer has been told otherwise, so what arrives later must not count.
    const notAfter = serverNow + deadlineMs - (clock.now() - startedAt)
    const args = [...this.#quota, String(cost), notAfter.toFixed(3), mode, this.#lifetimeMs]
    const answer = parseWindowReply(await client.eval?.(slidingWindowScript, [this.#key(identifier)], args))
    if (answer === null) return { uncounted: 'UNKNOWN_REPLY' }
    if (answer === 'late') return { uncounted: 'LATE' }
    return {
      allowed: answer.verdict === 'allowed',
      limit,
      // The limit may have been lowered since.
      remaining: Math.max(0, limit - answer.used),
      retryAfterMs: Math.ceil(answer.retryAfterUs / 1000),
      resetAfterMs: Math.ceil(answer.resetAfterUs / 1000),
    }
  }

  #key(identifier: string): string {
    return families.rateLimit.pattern.build({ bucket: this.#options.name, identifier })
  }
}

/** Without the server's time a late request could not be told from one in time, so nothing is counted. */
async function learnServerTime(client: RedisKeyValueClient): Promise<number> {
  await client.ping?.()
  const serverNow = client.serverNow?.() ?? null
  if (serverNow === null) throw new ClockUnknownError()
  return serverNow
}
