import type { Measurement } from '../experiment/measurement.js'
import type { ClauseId } from '../report/drill-report.js'

const OF_A_CACHE: readonly ClauseId[] = ['C2', 'C7', 'C8', 'C9']

/** Why a clause says nothing of a limiter that is no cache; null where it says something. */
export function saysNothing(id: ClauseId, { limiterAlone }: Measurement): string | null {
  if (limiterAlone === undefined || !OF_A_CACHE.includes(id)) return null
  return 'the subject is a limiter: it answers no reads, and caches nothing that could be missed or old'
}
