import type { Redis } from 'ioredis'
import { monotonicMs } from '../../src/ops/experiment/monotonic.js'
import { LIMITERS } from './limiters.js'

/** A cache may say four things and that it is over, a limiter one and that it is over, each once in ten seconds. */
export const LINES_PER_TEN_SECONDS = 2 * (4 + 1) + LIMITERS.length * 2

export interface Pulse {
  /** Notices a standstill that is just over, before anything is judged that it delayed. */
  look(): void
  stop(): void
}

const EVERY_MS = 25
const STANDSTILL_MS = 150

/**
 * Notices when this process, with its doors and its source, or the server stood still for a while: then the machine is short
 * of time, and what was to happen within a second may be late without anybody's fault.
 */
export function pulseOf(redis: Redis, onStandstill: (forMs: number) => void): Pulse {
  let lastMs = monotonicMs()
  let asked = false
  const look = () => {
    const stoodMs = monotonicMs() - lastMs - EVERY_MS
    lastMs = monotonicMs()
    if (stoodMs > STANDSTILL_MS) onStandstill(stoodMs)
  }
  const timer = setInterval(() => {
    look()
    if (asked || redis.status !== 'ready') return
    asked = true
    const askedMs = lastMs
    const end = () => {
      asked = false
      const tookMs = monotonicMs() - askedMs
      if (tookMs > STANDSTILL_MS) onStandstill(tookMs)
    }
    redis.ping().then(end, end)
  }, EVERY_MS)
  return { look, stop: () => clearInterval(timer) }
}
