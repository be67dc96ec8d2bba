import { quantile } from './quantile.js'

/** How late this process came to what was due, over some time. All in ms. */
export interface OwnDelay {
  p99: number
  max: number
  /** How often it was looked at. */
  turns: number
  /** How often it was later than so many ms. */
  laterThan(ms: number): number
}

/** `reference/ops.md` §9, LAT-003: above the first what was measured may be us, above the second it is. */
export const OWN_DELAY_MS = { warn: 20, fail: 100 }

/** Fewer are a hiccup: a collection of garbage, or a module that was loaded. */
const FEWEST_TURNS = 3
const EVERY_MS = 1

/** Whether it is held up again and again for longer than so many ms, so that what is timed here says nothing about others. */
export function isHeldUp({ p99, laterThan }: OwnDelay, ms: number): boolean {
  return p99 > ms && laterThan(ms) >= FEWEST_TURNS
}

/** Watches the event loop until it is stopped, by a timer that should fire every millisecond. */
export function watchOwnDelay(): { stop(): OwnDelay } {
  const late: number[] = []
  let due = performance.now() + EVERY_MS
  const turn = () => {
    const now = performance.now()
    late.push(Math.max(0, now - due))
    due = now + EVERY_MS
  }
  const timer = setInterval(turn, EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      // What holds it up now is on, until somebody stops it.
      turn()
      late.sort((a, b) => a - b)
      return {
        p99: quantile(late, 0.99),
        max: late.at(-1)!,
        turns: late.length,
        laterThan: (ms) => late.filter((each) => each > ms).length,
      }
    },
  }
}
