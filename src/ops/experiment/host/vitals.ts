import { cpuWaitMs } from '../cpu-wait.js'
import type { Vitals } from '../measurement.js'

const LOOK_EVERY_MS = 100

export interface VitalsWatch {
  /** Those since the last call. */
  take(): Vitals[]
  stop(): void
}

/** Looks at what this process holds, from now on. */
export function watchVitals(
  nowMs: () => number,
  inFlight: () => number,
  printedBytes: () => number,
): VitalsWatch {
  let records: Vitals[] = []
  const timer = setInterval(() => {
    const waitedMs = cpuWaitMs('self')
    records.push({
      atMs: nowMs(),
      ...held(),
      inFlight: inFlight(),
      printedBytes: printedBytes(),
      ...(waitedMs !== undefined && { cpuWaitMs: waitedMs }),
    })
  }, LOOK_EVERY_MS)
  return {
    take: () => {
      const taken = records
      records = []
      return taken
    },
    stop: () => clearInterval(timer),
  }
}

/** By this process, now. */
export function held(): Pick<Vitals, 'rssBytes' | 'sockets'> {
  return {
    rssBytes: process.memoryUsage.rss(),
    sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
  }
}
