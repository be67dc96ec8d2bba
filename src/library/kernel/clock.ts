/** A timer handle; opaque. */
export type Timer = unknown

/** Where time comes from, so that hours of outage can be tested in milliseconds. */
export interface Clock {
  /** Monotonic milliseconds, with fractions; only differences mean something. */
  now(): number
  /** Milliseconds since the epoch; may jump. Never used to measure or to order. */
  wallNow(): number
  /** Runs `callback` once after `ms`. A background timer does not keep the process alive. */
  setTimer(callback: () => void, ms: number, kind?: 'background'): Timer
  clearTimer(timer: Timer): void
  /** Runs `callback` after everything that is already waiting in the event loop, sockets included. */
  afterPendingIo(callback: () => void): void
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimer(callback, ms, kind) {
    // What is overdue is due now; newer versions of Node warn of a negative time.
    const timer = setTimeout(callback, Math.max(0, ms))
    if (kind === 'background') timer.unref()
    return timer
  },
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
  // One turn may still be inside the poll phase that the stall delayed; the second comes after its sockets were read.
  afterPendingIo: (callback) => setImmediate(() => setImmediate(callback)),
}
