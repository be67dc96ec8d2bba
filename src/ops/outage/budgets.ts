import type { Budgets } from './clauses/clause.js'

/** What every drill is judged against; docs/clauses says why each is what it is. */
export const BUDGETS: Readonly<Budgets> = {
  p99Ms: 250,
  worstMs: 1000,
  recoverMs: 5000,
  hitRatioShare: 0.9,
  staleMs: 1000,
  detectMs: 2000,
}
