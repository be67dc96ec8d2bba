import { keysOf } from './keys.js'
import type { LoadRecord, ProcessName, WriteRecord } from './measurement.js'
import { monotonicMs } from './monotonic.js'
import { RACED_LOAD_MS } from './races.js'
import { seededRandom } from './random.js'

/** The database of the drill: it knows only versions, counts everything, and never fails. */
export interface SourceOfTruth {
  /** The version that was current when the read was answered. */
  load(key: string, process: ProcessName): Promise<number>
  /** Commits the next version of the key and answers it. */
  commit(key: string, process: ProcessName): Promise<number>
  /** Notes that the whole write, cache included, returned to its caller. */
  acknowledge(key: string, version: number, atMs: number): void
  /** From here on operations are recorded, in milliseconds since `originMs`; before, only versions are kept. */
  recordFrom(originMs: number): void
  readonly loads: LoadRecord[]
  readonly writes: WriteRecord[]
}

const LATENCY_MS = 2

/**
 * Takes 1 to 3 ms for everything, drawn from the seed.
 *
 * It reads or commits at the *end* of that time and answers at once, so that a process sees answers in the order of the
 * commits: within one process cache-aside has then no race of its own, and what goes stale is the subject's doing. Only keys of
 * the groups `raced` and `joined` are read at the *start* of a longer time: an invalidation in between overtakes what is answered.
 */
export function createSourceOfTruth(seed: number): SourceOfTruth {
  const random = seededRandom(seed + 2)
  const versions = new Map<string, number>()
  const unacknowledged = new Map<string, WriteRecord>()
  const loads: LoadRecord[] = []
  const writes: WriteRecord[] = []
  const slow = new Set([...keysOf('raced'), ...keysOf('joined')])
  let originMs: number | null = null

  const latency = () =>
    new Promise<void>((resolve) => setTimeout(resolve, LATENCY_MS / 2 + random() * LATENCY_MS))
  const current = (key: string) => versions.get(key) ?? 1

  return {
    loads,
    writes,
    recordFrom: (atMs) => {
      originMs = atMs
    },
    load: async (key, process) => {
      if (slow.has(key)) {
        const version = current(key)
        if (originMs !== null) loads.push({ key, process, atMs: monotonicMs() - originMs })
        await new Promise((resolve) => setTimeout(resolve, RACED_LOAD_MS))
        return version
      }
      await latency()
      if (originMs !== null) loads.push({ key, process, atMs: monotonicMs() - originMs })
      return current(key)
    },
    commit: async (key, process) => {
      await latency()
      const version = current(key) + 1
      versions.set(key, version)
      if (originMs !== null) {
        const write = { key, version, process, committedMs: monotonicMs() - originMs, acknowledgedMs: null }
        writes.push(write)
        unacknowledged.set(`${version} ${key}`, write)
      }
      return version
    },
    acknowledge: (key, version, atMs) => {
      const write = unacknowledged.get(`${version} ${key}`)
      if (write) write.acknowledgedMs = atMs
      unacknowledged.delete(`${version} ${key}`)
    },
  }
}
