/**
 * What a drill looked like over time, for whoever draws it; nothing is judged on it. Columns of equal length, a step each.
 * Operations are those of the process that meets the fault, in the step in which they were due.
 */
export interface DrillSeries {
  /** When the fault was applied and lifted, and the last operation was due; as `atMs`, since the first instant of `before`. */
  faultAtMs: number
  healAtMs: number
  endMs: number
  /** Length of a step. */
  stepMs: number
  /** When each step begins. */
  atMs: number[]
  /** Of the operations that were answered, from when they were due; null without any. */
  p50Ms: (number | null)[]
  worstMs: (number | null)[]
  operations: number[]
  errors: number[]
  /** Never answered. */
  pending: number[]
  /** Answered, and so late that nobody waits for it: beyond the longest that C3 grants one call. */
  late: number[]
  /** Reads of the workload that the cache answered in time, and those that the source of truth did in its place. */
  hits: number[]
  fallbacks: number[]
  /** What limiters were asked, by what they said; `uncounted` was decided by their policy. Absent: there are none. */
  checks?: { allowed: number[]; denied: number[]; uncounted: number[] }
  /** Reads of the source of truth per second; absent when nobody could count them. */
  sourcePerSecond?: number[]
  /** Of the process, or of all of an app's; null where nobody looked. */
  rssBytes: (number | null)[]
  sockets: (number | null)[]
  inFlight: (number | null)[]
}
