import type { LimiterDeclaration } from '../../experiment/limiting.js'

/** What a worker's traffic is made of, for one kind of surface. The worker decides when; this decides what, and does it. */
export interface Performer {
  readonly limiters: readonly LimiterDeclaration[]
  /** How many operations may be in flight; one that is due beyond that is refused. */
  readonly mostInFlight: number
  /** Has every key read until nearly all are in the cache; never rejects. */
  warm(deadlineMs: number): Promise<{ settled: boolean; hitRatio: number }>
  /** Called once for each arrival, in order: draws from the seed what it asks for. Cheap. */
  draw(): Call
  /** When the source of truth was read since the last call, in order; absolute. Absent: nobody here knows. */
  takeLoads?(): Float64Array
  /** What the subject says about its backend, `up` when all is well. Absent: it is not asked. */
  status?: (() => string) | undefined
  /** Ends connections; never rejects, and never waits for long. */
  close(): Promise<void>
}

/** One operation, drawn and not yet begun. */
export interface Call {
  /** What it counts as when it can never be begun; see outcome.ts. */
  readonly outcome: number
  /** Begins it. Resolves with what became of it, see outcome.ts; null: it will never be answered. Never rejects. */
  start(): Promise<number | null>
}
