import type { Clock } from '../kernel/clock.js'

/** Settles as soon as `work` does, or after `ms`; never rejects and leaves no timer behind. */
export function within(work: unknown, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(resolve, ms)
    const end = () => {
      clock.clearTimer(timer)
      resolve()
    }
    void (async () => await work)().then(end, end)
  })
}
