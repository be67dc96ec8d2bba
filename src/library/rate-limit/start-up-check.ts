import type { RedisKeyValueClient } from '../backends/backend.js'
import type { Clock } from '../kernel/clock.js'
import { selfCheck } from './self-check.js'
import type { LimiterStatus } from './transparent-rate-limiter.js'
import { warnOnce } from './warn-once.js'

interface StartUpCheckOptions {
  client: RedisKeyValueClient
  clock: Clock
  deadlineMs: number
  limiter: string
}

/**
 * Runs the self-check as soon as there is a connection, and then on each new one until it has passed. It is nobody's
 * request: no caller waits for it, and neither breaker nor metrics hear of it.
 */
export class StartUpCheck {
  readonly #options: StartUpCheckOptions
  readonly #listeners = new Set<() => void>()
  #state: LimiterStatus['selfCheck'] = 'pending'
  #running = false
  #stop: (() => void) | undefined

  constructor(options: StartUpCheckOptions) {
    this.#options = options
    const { client } = options
    // Of a client without connections each start would be a bill, in processes that may live for one request.
    if (!client.onReady) this.#state = 'off'
    this.#stop = client.onReady?.(() => void this.#run())
    // Another limiter may have opened the connection long ago.
    if (this.#stop && typeof client.serverNow?.() === 'number') void this.#run()
  }

  get state(): LimiterStatus['selfCheck'] {
    return this.#state
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  close(): void {
    this.#stop?.()
    this.#listeners.clear()
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    const { client, clock, deadlineMs, limiter } = this.#options
    const outcome = await selfCheck(client, clock, deadlineMs)
    this.#running = false
    if (outcome === 'unknown') return
    this.#state = outcome === 'passed' ? 'passed' : 'failed'
    if (outcome === 'passed') this.#stop?.()
    else warnOnce(limiter, `Self-check failed, requests may pass unlimited: ${outcome.failed}`)
    for (const listener of this.#listeners) listener()
  }
}
