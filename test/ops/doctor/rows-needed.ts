import { readdirSync } from 'node:fs'
import { isProbe, type Check } from '../../../src/ops/doctor/check.js'

declare module 'vitest' {
  interface TaskMeta {
    /** Of the catalogue's file: what is to be seen once all files here were run. `A or B` is either. */
    doctorRowsNeeded?: { files: string[]; needed: string[]; cannotBe: string[] }
  }
}

/** Rows that nobody can bring about for a test, and why. */
export const CANNOT_BE: Record<string, string> = {
  'CLU-001 warn':
    'a suspicion that is no failure yet takes three primaries, of which one is away: judged by what a real one says, changed',
}

/** Each status that a check may have, and what it says to a user who may not look. */
export function rowsOf(check: Check): string[] {
  const { id, threshold } = check
  const { warn, fail } = threshold
  return [
    `${id} ok`,
    ...(warn === null ? [] : [`${id} warn`]),
    ...(fail === null ? [] : [`${id} FAIL`]),
    ...(warn === null && fail === null ? [`${id} warn or ${id} FAIL`] : []),
    // What a probe is not allowed is what it looks for: a failure.
    ...('privileges' in check && !isProbe(check) ? [`${id} without the right`] : []),
  ]
}

/** For the reporter of rows. */
export function rowsNeeded(checks: readonly Check[]) {
  const cannotBe = Object.keys(CANNOT_BE)
  return {
    files: readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts')),
    needed: checks.flatMap(rowsOf).filter((row) => !cannotBe.includes(row)),
    cannotBe,
  }
}
