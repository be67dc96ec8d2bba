import type { Measurement } from '../experiment/measurement.js'
import type { ClauseResult } from '../report/drill-report.js'
import type { Budgets } from './clauses/clause.js'
import { duration } from './clauses/wording.js'

const WINDOW_MS = 1000
/** What waits for a processor makes others wait that come after it. */
const QUEUED = 2
/** Of a second: then calls miss deadlines of 100 ms that Redis would have kept, and hits with them. */
const MISSED_MS = 200

/**
 * Why what was broken proves nothing: others had the processors for so long that it may be all there was to see. Null when
 * something is broken that this does not explain, or nothing is.
 *
 * Only what is about time can be explained so, and only where the time is short; what passes in spite of it has passed.
 */
export function excusedByMachine(
  results: readonly ClauseResult[],
  { vitals }: Pick<Measurement, 'vitals'>,
  budgets: Readonly<Budgets>,
): string | null {
  const broken = results.filter(({ result }) => result === 'fail')
  const waitedMs = mostWaitedMs(vitals)
  if (broken.length === 0 || !broken.every((clause) => isExplained(clause, waitedMs, budgets))) return null
  const told = broken.map(({ id }) => id).join(', ')
  return (
    `this machine had no processor for the subject for ${duration(waitedMs)} of a second, which may be all ` +
    `that broke ${told}: end what else runs on it, or lower --rate`
  )
}

function isExplained({ id, numbers }: ClauseResult, waitedMs: number, budgets: Readonly<Budgets>): boolean {
  if (id === 'C8') return waitedMs >= MISSED_MS
  if (id !== 'C3') return false
  const { pending, p99Ms, worstMs } = numbers
  if (pending !== 0 || p99Ms == null || worstMs == null) return false
  const late = QUEUED * waitedMs
  const isBroken = (shorterMs: number) =>
    p99Ms - shorterMs > budgets.p99Ms || worstMs - shorterMs > budgets.worstMs
  // Or it is broken by something else, such as hits that wait for a source.
  return isBroken(0) && !isBroken(late)
}

/** Within any second. */
function mostWaitedMs(vitals: Measurement['vitals']): number {
  const seen = vitals.flatMap(({ atMs, cpuWaitMs }) => (cpuWaitMs === undefined ? [] : [{ atMs, cpuWaitMs }]))
  let most = 0
  let from = 0
  for (const { atMs, cpuWaitMs } of seen) {
    // One that is older than a second is kept, as nobody looked in between.
    while (seen[from + 1] && seen[from + 1]!.atMs <= atMs - WINDOW_MS) from += 1
    most = Math.max(most, cpuWaitMs - seen[from]!.cpuWaitMs)
  }
  return most
}
