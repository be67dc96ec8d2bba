import { monotonicMs } from '../monotonic.js'
import type { PhaseName } from '../measurement.js'
import type { Times } from '../recording.js'

/** When what happened, absolute on the monotonic clock. */
export interface Marks {
  originMs: number
  /** Absent until then, as is the next. */
  faultAtMs?: number
  healAtMs?: number
}

export function nowIn({ originMs }: Marks): number {
  return monotonicMs() - originMs
}

/** The phases' limits, also of a drill that ended before its time. */
export function timesOf(marks: Marks, { afterMs, isWhole }: { afterMs: number; isWhole: boolean }): Times {
  const { originMs, faultAtMs, healAtMs } = marks
  const endMs = healAtMs === undefined || !isWhole ? nowIn(marks) : healAtMs + afterMs - originMs
  return {
    faultAtMs: faultAtMs === undefined ? endMs : faultAtMs - originMs,
    healAtMs: healAtMs === undefined ? endMs : healAtMs - originMs,
    endMs,
  }
}

export function phaseNow({ faultAtMs, healAtMs }: Marks): PhaseName {
  if (faultAtMs === undefined) return 'before'
  return healAtMs === undefined ? 'during' : 'after'
}
