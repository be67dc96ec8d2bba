import type { Measurement } from '../experiment/measurement.js'
import type { ClauseResult } from '../report/drill-report.js'
import type { Budgets } from './clauses/clause.js'
import { duration } from './clauses/wording.js'

const WINDOW_MS = 1000
/** Of the time in which hits are counted: the drill's own processes keep a subject waiting for a quarter of it, on two processors. */
const STARVED_SHARE = 0.5

/**
 * Why what was broken proves nothing: others had the processors for so long that it may be all there was to see. Null when
 * something is broken that this does not explain, or nothing is.
 *
 * Only what is about time can be explained so, and only where as much is missing as was waited for; what passes in spite of it has passed.
 */
export function excusedByMachine(
  results: readonly ClauseResult[],
  measurement: Pick<Measurement, 'vitals' | 'healAtMs' | 'endMs'>,
  budgets: Readonly<Budgets>,
): string | null {
  const broken = results.filter(({ result }) => result === 'fail')
  const { vitals, healAtMs, endMs } = measurement
  const waited = {
    ever: mostWaitedMs(vitals, 0),
    since: mostWaitedMs(vitals, healAtMs),
    share: shareWaited(vitals, (healAtMs + endMs) / 2),
  }
  if (broken.length === 0 || !broken.every((clause) => isExplained(clause, waited, budgets))) return null
  const told = broken.map(({ id }) => id).join(', ')
  const shownMs = broken.some(({ id }) => id === 'C3') ? waited.ever : waited.since
  return (
    `this machine had no processor for the subject for ${duration(shownMs)} of a second, which may be all ` +
    `that broke ${told}: end what else runs on it, or lower --rate`
  )
}

/** Milliseconds in the worst second: of the drill, and since the heal. */
interface Waited {
  ever: number
  since: number
  /** Of the second half of `after`, in which C8 counts hits, 0..1. */
  share: number
}

function isExplained(
  { id, numbers }: ClauseResult,
  waited: Waited,
  { p99Ms, worstMs, recoverMs, hitRatioShare }: Readonly<Budgets>,
): boolean {
  if (id === 'C3') {
    const { pending, p99Ms: p99, worstMs: worst } = numbers
    if (pending !== 0 || p99 == null || worst == null) return false
    const isBroken = (shorterMs: number) => p99 - shorterMs > p99Ms || worst - shorterMs > worstMs
    // Or it is broken by something else, such as hits that wait for a source.
    return isBroken(0) && !isBroken(waited.ever)
  }
  if (id !== 'C8') return false
  const { firstHitMs, usedAgainMs, hitRatioBefore, hitRatioAfter } = numbers
  const backMs = firstHitMs ?? usedAgainMs
  if (backMs == null) return false
  if (backMs > recoverMs) return backMs - waited.since <= recoverMs
  // Calls miss deadlines that Redis would have kept, and hits with them, for as large a part of the time. Who never hits does
  // not for another reason.
  const expected = hitRatioShare * (hitRatioBefore ?? 0)
  const isStarved = waited.share >= STARVED_SHARE && hitRatioBefore !== 0
  return isStarved && (hitRatioAfter ?? expected) + waited.share >= expected
}

function shareWaited(vitals: Measurement['vitals'], fromMs: number): number {
  const seen = vitals.filter(({ atMs, cpuWaitMs }) => atMs >= fromMs && cpuWaitMs !== undefined)
  const [first, last] = [seen[0], seen.at(-1)]
  if (!first || !last || last.atMs === first.atMs) return 0
  return (last.cpuWaitMs! - first.cpuWaitMs!) / (last.atMs - first.atMs)
}

/** Within any second that begins at an instant or later. */
function mostWaitedMs(vitals: Measurement['vitals'], fromMs: number): number {
  const seen = vitals.flatMap(({ atMs, cpuWaitMs }) =>
    cpuWaitMs === undefined || atMs < fromMs ? [] : [{ atMs, cpuWaitMs }],
  )
  let most = 0
  let from = 0
  for (const { atMs, cpuWaitMs } of seen) {
    // One that is older than a second is kept, as nobody looked in between.
    while (seen[from + 1] && seen[from + 1]!.atMs <= atMs - WINDOW_MS) from += 1
    most = Math.max(most, cpuWaitMs - seen[from]!.cpuWaitMs)
  }
  return most
}
