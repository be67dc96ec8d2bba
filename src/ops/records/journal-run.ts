import type { JournalActivity, JournalProbe, JournalRun, JournalSteadyState } from '../report/run-record.js'

export function secondsBetween(start: string, end: string): number {
  return Math.max(0, Date.parse(end) - Date.parse(start)) / 1000
}

/** An activity that a command of ours would do again. */
export function activity(
  type: JournalActivity['type'],
  name: string,
  [command, ...flags]: readonly [string, ...[flag: string, value: string][]],
): JournalActivity {
  const named = { [command]: '', ...Object.fromEntries(flags) }
  return { type, name, provider: { type: 'process', path: 'cache', arguments: named } }
}

export function ranFrom(
  of: JournalActivity,
  [start, end]: readonly [string, string],
  { ok, output }: { ok: boolean; output: string },
): JournalRun {
  const duration = secondsBetween(start, end)
  return { activity: of, status: ok ? 'succeeded' : 'failed', start, end, duration, output }
}

/** Of the hypothesis: what is looked at must `pass`. */
export function probe(
  of: JournalActivity,
  times: readonly [string, string],
  { passed, evidence }: { passed: boolean; evidence: string },
): JournalProbe {
  const expected: JournalActivity = { ...of, tolerance: 'pass' }
  const run = ranFrom(expected, times, { ok: true, output: passed ? 'pass' : 'fail' })
  return { ...run, tolerance_met: passed, evidence }
}

/** Null when nothing was looked at: what nobody judged was not met, and not missed. */
export function steadyState(probes: JournalProbe[]): JournalSteadyState | null {
  if (probes.length === 0) return null
  return { steady_state_met: probes.every(({ tolerance_met }) => tolerance_met), probes }
}
