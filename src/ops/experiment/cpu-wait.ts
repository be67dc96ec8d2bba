import { readFileSync } from 'node:fs'

/**
 * For how long, since it began, the main thread of a process could have run and was kept from it, as others had all
 * processors; undefined where nobody says. By Linux: what the process does itself is not in it, nor is what it waits for.
 */
export function cpuWaitMs(pid: number | 'self'): number | undefined {
  try {
    // Nanoseconds on a processor, nanoseconds ready and waiting for one, turns (Documentation/scheduler/sched-stats).
    const waitedNs = Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1])
    return Number.isFinite(waitedNs) ? waitedNs / 1e6 : undefined
  } catch {
    return undefined
  }
}
