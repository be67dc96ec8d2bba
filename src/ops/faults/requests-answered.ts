import { counted, difference } from './difference.js'
import type { Fault } from './fault.js'

/** Witnessed by a single request that was answered in the service's place. */
export function requestsAnswered(what: string): Fault['witness'] {
  return (atFault, atHeal) => {
    const counts = difference(atFault, atHeal, ['requestsAnswered'])
    return {
      witnessed: counts.requestsAnswered >= 1,
      evidence: `${counted(counts.requestsAnswered, 'request')} answered ${what}`,
      counts,
    }
  }
}
