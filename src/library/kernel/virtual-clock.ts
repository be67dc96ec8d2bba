import type { Clock, Timer } from './clock.js'

interface Scheduled {
  at: number
  order: number
  callback: () => void
}

/** A clock that stands still until it is told to advance. */
export interface VirtualClock extends Clock {
  /** Moves time on, running each timer at its own instant and letting promises settle in between. */
  advance(ms: number): Promise<void>
  /** Shifts the wall clock alone, as an administrator or NTP would. */
  shiftWall(ms: number): void
  /** Timers that have not run yet. */
  readonly pendingTimers: number
}

const settlePromises = () => new Promise<void>((resolve) => setImmediate(resolve))

/** @param wallStart where the wall clock begins, in ms since the epoch. @default 0 */
export function createVirtualClock(wallStart = 0): VirtualClock {
  let now = 0
  let wallShift = wallStart
  let order = 0
  const scheduled = new Set<Scheduled>()

  const next = (until: number): Scheduled | undefined => {
    let first: Scheduled | undefined
    for (const entry of scheduled) {
      if (entry.at > until) continue
      if (!first || entry.at < first.at || (entry.at === first.at && entry.order < first.order)) first = entry
    }
    return first
  }

  return {
    now: () => now,
    wallNow: () => now + wallShift,
    setTimer(callback, ms) {
      const entry: Scheduled = { at: now + Math.max(0, ms), order: order++, callback }
      scheduled.add(entry)
      return entry
    },
    clearTimer: (timer: Timer) => void scheduled.delete(timer as Scheduled),
    afterPendingIo: (callback) => callback(),
    async advance(ms) {
      const until = now + ms
      await settlePromises()
      for (let entry = next(until); entry; entry = next(until)) {
        scheduled.delete(entry)
        now = Math.max(now, entry.at)
        entry.callback()
        await settlePromises()
      }
      now = until
      await settlePromises()
    },
    shiftWall: (ms) => void (wallShift += ms),
    get pendingTimers() {
      return scheduled.size
    },
  }
}
