import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../src/ops/experiment/monotonic.js'
import { quantile } from '../statistics.js'

export type Delay = 'none' | 'fixed' | 'bimodal' | 'stalled'

/** Of `stalled`, after its first request. */
const STALL_AFTER_MS = 2000
const STALL_MS = 5000
/**
 * What the server does not see, from when a request was due until it has it and from its answer until that is read, takes a
 * millisecond or two: next to these it is no hundredth.
 */
const FIXED_MS = 200
const SLOW_MS = 500
/** No percentile that is looked at lies between the two. */
const SLOW_EVERY = 5

/** What something that answers late knows of itself; plain data, as it crosses processes. */
export interface OwnDelay {
  /** What answers really took: timers have an error of their own. Those of a stall are left out. */
  quantilesMs: Record<string, number>
  /** Absolute, on the monotonic clock; null when there was none. */
  stall: { fromMs: number; toMs: number } | null
}

export const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const

/** Answers when the delay is over, and keeps how long it took. */
export function createDelay(kind: Delay): { wait(): Promise<void>; own(): OwnDelay } {
  const tookMs: number[] = []
  let count = 0
  let stall: OwnDelay['stall'] = null
  let over: Promise<void> | null = null

  const begin = () => {
    setTimeout(() => {
      const fromMs = monotonicMs()
      over = sleep(STALL_MS).then(() => {
        stall = { fromMs, toMs: monotonicMs() }
        over = null
      })
    }, STALL_AFTER_MS)
  }
  return {
    wait: async () => {
      const startMs = performance.now()
      count += 1
      if (kind === 'stalled' && count === 1) begin()
      if (over) return over
      if (kind === 'fixed') await sleep(FIXED_MS)
      if (kind === 'bimodal') await sleep(count % SLOW_EVERY === 0 ? SLOW_MS : FIXED_MS)
      if (kind === 'stalled') await sleep(FIXED_MS)
      tookMs.push(performance.now() - startMs)
    },
    own: () => ({
      quantilesMs: Object.fromEntries(
        Object.entries(SHARES).map(([name, share]) => [name, quantile(tookMs, share)]),
      ),
      stall,
    }),
  }
}
