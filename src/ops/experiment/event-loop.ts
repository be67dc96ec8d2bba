import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 10
const NS_PER_MS = 1e6

/** How late the timers of this process fire, from `start` to `stop`. */
export interface EventLoopWatch {
  start(): void
  stop(): void
  /** 0 when nothing was seen. */
  p99Ms(): number
}

export function watchEventLoop(): EventLoopWatch {
  const seen = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  return {
    start: () => void seen.enable(),
    stop: () => void seen.disable(),
    // It counts the whole gap between two looks.
    p99Ms: () => (seen.count === 0 ? 0 : Math.max(0, seen.percentile(99) / NS_PER_MS - RESOLUTION_MS)),
  }
}
