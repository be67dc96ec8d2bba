import type { History } from './history.js'
import type { Floors } from './judge/floors.js'
import type { Growth } from './judge/growth.js'
import type { Judge } from './judge/judge.js'
import type { Violation } from './judge/violation.js'

export interface SoakReport {
  seed: number
  seconds: number
  operations: number
  counts: Judge['counts'] & { loads: number; commits: number; windows: number }
  longestWaitMs: number
  invalidations: Floors['settled']
  standstills: number
  faults: Record<string, { times: number; witnessed: number }>
  growth: Growth[]
  violation: (Violation & { afterSeconds: number; history: string[] }) | null
}

const HISTORY_MS = 12_000

/** A violation with what happened to its key, and to everybody, before. */
export function explained(
  violation: Violation | null,
  history: History,
  startMs: number,
): SoakReport['violation'] {
  if (!violation) return null
  const { atMs, key } = violation
  return {
    ...violation,
    afterSeconds: Math.round((atMs - startMs) / 100) / 10,
    history: history.of(key, atMs - HISTORY_MS, atMs, startMs),
  }
}
