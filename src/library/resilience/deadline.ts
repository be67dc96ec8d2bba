import type { Clock, Timer } from '../kernel/clock.js'

/** `deadline`: time is up · `stalled`: time is up, but our own event loop stood still · `tripped`: the breaker opened. */
export type ExpiryReason = 'deadline' | 'stalled' | 'tripped'

/** One caller that waits. */
export interface Waiter {
  /** True for whoever comes first, the answer or the expiry; the loser must do nothing. */
  settle(): boolean
}

interface Entry extends Waiter {
  dueAt: number
  settled: boolean
  expire: ((reason: ExpiryReason) => void) | null
}

/**
 * Ends waits when their time is up. All waits of one length share one timer, which costs a fraction of a timer each
 * (measured: 0.86 of raw throughput at 50 concurrent, against 0.79 with one timer per operation).
 *
 * Before a wait is ended, everything that already lies in the sockets gets its turn: an answer that only our own busy
 * event loop kept from us still wins.
 */
export class DeadlineQueue {
  readonly #clock: Clock
  readonly #queues = new Map<number, WaitQueue>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `expire` once, unless the waiter is settled within `ms`. */
  add(ms: number, expire: (reason: ExpiryReason) => void): Waiter {
    let queue = this.#queues.get(ms)
    if (!queue) this.#queues.set(ms, (queue = new WaitQueue(this.#clock, ms)))
    return queue.add(expire)
  }

  /** Ends every wait now. */
  expireAll(): void {
    for (const queue of this.#queues.values()) queue.expireAll()
  }
}

class WaitQueue {
  readonly #clock: Clock
  readonly #ms: number
  // Same length of wait, so first in is first due. Settled entries leave when they reach the head.
  #entries: Entry[] = []
  #head = 0
  #timer: Timer | null = null

  constructor(clock: Clock, ms: number) {
    this.#clock = clock
    this.#ms = ms
  }

  add(expire: (reason: ExpiryReason) => void): Waiter {
    const entry: Entry = {
      dueAt: this.#clock.now() + this.#ms,
      settled: false,
      expire,
      settle() {
        if (entry.settled) return false
        entry.settled = true
        entry.expire = null
        return true
      },
    }
    this.#entries.push(entry)
    if (this.#timer === null) this.#arm()
    return entry
  }

  expireAll(): void {
    const entries = this.#entries.slice(this.#head)
    this.#entries = []
    this.#head = 0
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer)
    this.#timer = null
    for (const entry of entries) end(entry, 'tripped')
  }

  #arm(): void {
    this.#dropSettled()
    const first = this.#entries[this.#head]
    if (!first) return
    const timer = this.#clock.setTimer(() => {
      const lateMs = this.#clock.now() - first.dueAt
      const stalled = lateMs > this.#ms / 2
      this.#clock.afterPendingIo(() => {
        if (this.#timer !== timer) return
        this.#timer = null
        this.#expireDue(stalled ? 'stalled' : 'deadline')
        this.#arm()
      })
    }, first.dueAt - this.#clock.now())
    this.#timer = timer
  }

  #expireDue(reason: ExpiryReason): void {
    const now = this.#clock.now()
    for (;;) {
      const entry = this.#entries[this.#head]
      if (!entry || (!entry.settled && entry.dueAt > now)) return
      this.#head++
      end(entry, reason)
      this.#compact()
    }
  }

  #dropSettled(): void {
    while (this.#entries[this.#head]?.settled) this.#head++
    this.#compact()
  }

  #compact(): void {
    if (this.#head < 1024 && this.#head < this.#entries.length) return
    this.#entries = this.#entries.slice(this.#head)
    this.#head = 0
  }
}

function end(entry: Entry, reason: ExpiryReason): void {
  const { expire } = entry
  if (entry.settle()) expire?.(reason)
}
