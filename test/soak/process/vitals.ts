import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'
import type { Vitals } from '../messages.js'

/** Collects garbage first, so that what is counted is what is held. Needs `--expose-gc`. */
export function lookAtVitals(logLines: number): Vitals {
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  const resources = process.getActiveResourcesInfo()
  const number = (of: string) => resources.filter((name) => name === of).length
  return {
    atMs: monotonicMs(),
    rssBytes: rss,
    heapBytes: heapUsed,
    sockets: number('TCPSocketWrap'),
    timers: number('Timeout'),
    logLines,
  }
}
