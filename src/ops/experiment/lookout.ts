import type { OperationRecord, Vitals } from './measurement.js'

/** What callers of the subject, and its machine, have to bear now. */
export interface Sight {
  /** Settled since the last look, of the process that meets the fault. */
  settled: readonly Pick<OperationRecord, 'dueMs' | 'endMs' | 'error' | 'status'>[]
  /** The last that was measured; null before the first. */
  vitals: Pick<Vitals, 'rssBytes' | 'inFlight'> | null
}

/** Decides, while a drill runs, whether it has to end. Times as in the records. */
export interface Lookout {
  /** Called ten times a second, in order of time. @returns why it has to end, in one sentence; null: it may go on */
  look(sight: Sight, nowMs: number): string | null
}

const LOOK_EVERY_MS = 100

/** Of records that are noted when they begin and completed later: those that settled since the last call. */
export function settledOf(records: readonly OperationRecord[]): () => OperationRecord[] {
  let next = 0
  let open: OperationRecord[] = []
  return () => {
    const begun = [...open, ...records.slice(next)]
    next = records.length
    open = begun.filter(({ endMs }) => endMs === null)
    return begun.filter(({ endMs }) => endMs !== null)
  }
}

/**
 * Asks a lookout as long as the drill lasts.
 *
 * @param sight what is new since the last call
 */
export function keepLookout(
  lookout: Lookout | undefined,
  sight: () => Sight,
  nowMs: () => number,
): { met: Promise<string>; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  const met = new Promise<string>((resolve) => {
    if (!lookout) return
    timer = setInterval(() => {
      const why = lookout.look(sight(), nowMs())
      if (why === null) return
      clearInterval(timer)
      resolve(why)
    }, LOOK_EVERY_MS)
  })
  return { met, stop: () => clearInterval(timer) }
}
