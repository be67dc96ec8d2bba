import type { Fault } from '../faults/fault.js'
import type { Protocol } from '../faults/doors/door.js'
import type { Budgets } from './clauses/clause.js'

/** What a drill on Redis is judged against; docs/clauses says why each is what it is. */
export const BUDGETS: Readonly<Budgets> = {
  p99Ms: 250,
  worstMs: 1000,
  inFlightMs: 2000,
  rssGrowthBytes: 64 * 1024 * 1024,
  socketGrowth: 4,
  socketPerOperation: false,
  printedBytesPerOperation: 256,
  loadsPerRead: 1,
  peakLoadsPerRead: 2,
  recoverMs: 5000,
  hitRatioShare: 0.9,
  staleMs: 1000,
  detectMs: 2000,
}

/** Over HTTP: three times the deadline, and no pipeline. */
const OVER_REST: Readonly<Budgets> = { ...BUDGETS, p99Ms: 500, socketPerOperation: true }

/** What a drill is judged against. */
export function budgetsFor(
  protocol: Protocol,
  { looksAgainWithinMs = 0 }: Pick<Fault, 'looksAgainWithinMs'>,
): Readonly<Budgets> {
  const usual = protocol === 'rest' ? OVER_REST : BUDGETS
  return {
    ...usual,
    recoverMs: usual.recoverMs + looksAgainWithinMs,
  }
}
