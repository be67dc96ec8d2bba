/** What a host process is asked to do. */
export type Question =
  | { ask: 'open'; url: string }
  | { ask: 'warm-up' | 'sequential'; ms: number }
  | { ask: 'concurrent'; callers: number; ms: number }
  | { ask: 'outage-open'; url: string; serverUrl: string; prefix: string }
  | { ask: 'outage-warm' }
  | { ask: 'outage-load'; ms: number }
  /** `healedAt`: of the clock that all processes share, `process.hrtime.bigint()`. */
  | { ask: 'outage-end'; healedAt: string }

/** What became of one peer in one outage. */
export interface OutageFigures {
  /** How long each read begun under the fault kept its caller; null for those that never returned. */
  readMs: (number | null)[]
  /** Of all operations begun under the fault. */
  thrownShare: number
  /** From the heal until reads hit, twenty in a row; null for not within 12 s. */
  recoveryMs: number | null
  /** Of the 40 keys deleted or rewritten under the fault: how many come back as they were before. */
  stale: number
  /** The same, read by another instance that was not in the outage. */
  staleForOthers: number
}
