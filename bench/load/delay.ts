import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../src/ops/experiment/monotonic.js'
import { quantile } from '../statistics.js'

export type Delay = 'none' | 'fixed' | 'bimodal' | 'stalled'

/** Of `stalled`, after its first request. */
const STALL_AFTER_MS = 2000
const STALL_MS = 5000
/**
 * An exchange over HTTP takes a fraction of a millisecond that the server does not see: next to these it is no hundredth.
 */
const FIXED_MS = 50
const SLOW_MS = 200
const NORMAL_MS = 40

/** What something that answers late knows of itself; plain data, as it crosses processes. */
export interface OwnDelay {
  /** What answers really took: timers have an error of their own. Those of a stall are left out. */
  quantilesMs: Record<string, number>
  /** Absolute, on the monotonic clock; null when there was none. */
  stall: { fromMs: number; toMs: number } | null
}

export const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99, max: 1 } as const

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
      if (kind === 'bimodal') await sleep(count % 10 === 0 ? SLOW_MS : FIXED_MS)
      if (kind === 'stalled') await sleep(NORMAL_MS)
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
