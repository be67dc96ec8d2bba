import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from './quantile.js'

/** How late this process came to what was due, over some time. All in ms. */
export interface OwnDelay {
  p99: number
  max: number
  /** How often it was looked at. */
  turns: number
  /** How often it was later than so many ms. */
  laterThan(ms: number): number
  /** All of the time that it was late, without what is usual of a timer. */
  heldUp: number
}

/** `reference/ops.md` §9, LAT-003: above the first what was measured may be us, above the second it is. */
export const OWN_DELAY_MS = { warn: 20, fail: 100 }

/** Fewer are a hiccup: a collection of garbage, or a module that was loaded. */
const FEWEST_TURNS = 3
const EVERY_MS = 1
/** A timer is that late on a machine that has time. */
const USUAL_MS = 2

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
        heldUp: late.filter((each) => each > USUAL_MS).reduce((sum, each) => sum + each, 0),
      }
    },
  }
}

const PAUSE_MS = 5
const QUIET_PAUSES = 4

/** Waits until this process comes in time to what is due, such as when all checks have begun; no longer than `mostMs`. */
export async function quietMoment(mostMs: number): Promise<void> {
  const end = performance.now() + mostMs
  for (let quiet = 0; quiet < QUIET_PAUSES && performance.now() < end;) {
    const due = performance.now() + PAUSE_MS
    await sleep(PAUSE_MS)
    quiet = performance.now() - due > USUAL_MS ? 0 : quiet + 1
  }
}
