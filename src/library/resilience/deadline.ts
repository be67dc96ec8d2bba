import type { Clock, Timer } from '../kernel/clock.js'

/** `deadline`: time is up · `stalled`: time is up, but our own event loop stood still · `tripped`: the breaker opened. */
export type ExpiryReason = 'deadline' | 'stalled' | 'tripped'

/** One caller that waits. */
export interface Waiter {
  /** Nobody waits any more. */
  readonly settled: boolean
  /** True for whoever comes first, the answer or the expiry; the loser must do nothing. */
  settle(): boolean
}

class Entry implements Waiter {
  settled = false
  constructor(
    readonly queue: WaitQueue,
    readonly dueAt: number,
    public expire: ((reason: ExpiryReason) => void) | null,
  ) {}

  settle(): boolean {
    if (this.settled) return false
    this.settled = true
    this.expire = null
    this.queue.settled(this)
    return true
  }
}

/**
 * Ends waits when their time is up. All waits of one length share one timer, which costs a fraction of a timer each
 * (measured: 0.86 of raw throughput at 50 concurrent, against 0.79 with one timer per operation).
 *
 * Before a wait is ended, everything that already lies in the sockets gets its turn: an answer that only our own busy
 * event loop kept from us still wins. And where our event loop was late to see the end of a wait, the wait lasts as much
 * longer, after a stall as long again, because what was asked in a long turn leaves at its end.
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

/** A timer that is no later than this was kept by nothing. */
const PUNCTUAL_MS = 2

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
    const entry = new Entry(this, this.#clock.now() + this.#ms, expire)
    this.#entries.push(entry)
    if (this.#timer === null) this.#arm()
    return entry
  }

  /** Answers mostly come in order, and what stays until its time is up is what a garbage collector has to carry along. */
  settled(entry: Entry): void {
    if (this.#entries[this.#head] === entry) this.#dropSettled()
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
    this.#wait(first.dueAt - this.#clock.now(), () => {
      const now = this.#clock.now()
      const lateMs = now - first.dueAt
      if (lateMs < PUNCTUAL_MS) return () => this.#expire('deadline', now)
      // What was asked in the turn that took so long has only just left: the backend gets the time that we took from it.
      // Whoever came after that turn is not due before the end of this.
      const stalled = lateMs > this.#ms / 2
      const graceMs = stalled ? this.#ms : lateMs
      return () => {
        const end = this.#clock.now() + graceMs
        // Whoever is due after that, but before a further stall lets us look, has not had any of this.
        this.#wait(graceMs, () => () => this.#expire(stalled ? 'stalled' : 'deadline', end))
      }
    })
  }

  /** Has the time looked at when it is up, and acts on that when everything that lies in the sockets had its turn. */
  #wait(ms: number, look: () => () => void): void {
    const timer = this.#clock.setTimer(() => {
      const act = look()
      this.#clock.afterPendingIo(() => {
        if (this.#timer === timer) act()
      })
    }, ms)
    this.#timer = timer
  }

  #expire(reason: ExpiryReason, dueBy: number): void {
    this.#timer = null
    this.#expireDue(reason, dueBy)
    this.#arm()
  }

  #expireDue(reason: ExpiryReason, dueBy: number): void {
    for (;;) {
      const entry = this.#entries[this.#head]
      if (!entry || (!entry.settled && entry.dueAt > dueBy)) return
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
