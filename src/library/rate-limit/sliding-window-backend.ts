import type { RedisKeyValueClient } from '../backends/backend.js'
import { families } from '../families/families.js'
import type { Clock } from '../kernel/clock.js'
import { BackendAnswerError, ClockUnknownError } from '../kernel/errors.js'
import type { CountingBackend, Counted } from './backend.js'
import { slotUs } from './sliding-window.js'
import { parseWindowReply, slidingWindowScript } from './sliding-window-script.js'

interface SlidingWindowOptions {
  client: RedisKeyValueClient
  clock: Clock
  name: string
  limit: number
  windowMs: number
  deadlineMs: number
}

/** Counts in Redis, by Redis' clock, in one key per identifier. Rejects with whatever went wrong. */
export class SlidingWindowBackend implements CountingBackend {
  readonly #options: SlidingWindowOptions

  constructor(options: SlidingWindowOptions) {
    this.#options = options
  }

  get limit(): number {
    return this.#options.limit
  }

  getType(): 'redis' {
    return 'redis'
  }

  async check(identifier: string): Promise<boolean> {
    return (await this.take(identifier, 1)).allowed
  }

  take(identifier: string, cost: number): Promise<Counted> {
    return this.#ask(identifier, cost, 'take')
  }

  look(identifier: string): Promise<Counted> {
    return this.#ask(identifier, 1, 'peek')
  }

  forget(identifier: string): Promise<void> {
    return this.#options.client.del(this.#key(identifier))
  }

  async #ask(identifier: string, cost: number, mode: 'take' | 'peek'): Promise<Counted> {
    const { client, clock, limit, windowMs, deadlineMs } = this.#options
    const startedAt = clock.now()
    const serverNow = client.serverNow?.() ?? (await this.#learnServerTime())
    // Whoever waits no longer has been told otherwise, so what arrives later must not count.
    const notAfter = serverNow + deadlineMs - (clock.now() - startedAt)
    const args = [String(limit), String(slotUs(windowMs)), String(cost), notAfter.toFixed(3), mode]
    const reply = await client.eval?.(slidingWindowScript, [this.#key(identifier)], args)
    const answer = parseWindowReply(reply)
    if (answer === null) throw new BackendAnswerError('UNKNOWN_REPLY')
    if (answer === 'late') throw new BackendAnswerError('LATE')
    return {
      allowed: answer.verdict === 'allowed',
      used: answer.used,
      retryAfterMs: Math.ceil(answer.retryAfterUs / 1000),
      resetAfterMs: Math.ceil(answer.resetAfterUs / 1000),
    }
  }

  async #learnServerTime(): Promise<number> {
    const { client } = this.#options
    await client.ping?.()
    const serverNow = client.serverNow?.() ?? null
    if (serverNow === null) throw new ClockUnknownError()
    return serverNow
  }

  #key(identifier: string): string {
    return families.rateLimit.pattern.build({ bucket: this.#options.name, identifier })
  }
}
