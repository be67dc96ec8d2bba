import type { Budgets } from './clauses/clause.js'

/** What every drill is judged against; docs/clauses says why each is what it is. */
export const BUDGETS: Readonly<Budgets> = {
  p99Ms: 250,
  worstMs: 1000,
  inFlightMs: 2000,
  rssGrowthBytes: 64 * 1024 * 1024,
  socketGrowth: 4,
  printedBytesPerOperation: 256,
  loadsPerRead: 1,
  peakLoadsPerRead: 2,
  recoverMs: 5000,
  hitRatioShare: 0.9,
  staleMs: 1000,
  detectMs: 2000,
}
