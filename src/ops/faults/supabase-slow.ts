import { counted, difference } from './difference.js'
import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import type { RestTreatment } from './rest/rule.js'
import { SPARED_BY_THE_SOURCE } from './spared-by-the-source.js'

/** Longer than the stores wait for their source, which is 3 s. */
const slow: RestTreatment = { kind: 'slow', delayMs: 3500, pieces: 1, everyMs: 0 }

export const supabaseSlow: Fault<RestDoor> = {
  name: 'supabase-slow',
  summary: 'Every request to Supabase is carried out at once and answered 3.5 s later; Redis is well.',
  protocols: ['postgrest'],
  breaks: ['C1', 'C2', 'C3', 'C5', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: { C4: SPARED_BY_THE_SOURCE.C4, C10: SPARED_BY_THE_SOURCE.C10 },
  takesSource: true,
  sourceWaitMs: 4000,
  apply: (door) => door.interfere(() => slow),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['requestsSlowed'])
    return {
      witnessed: counts.requestsSlowed >= 1,
      evidence: `the answers to ${counted(counts.requestsSlowed, 'request')} came 3.5 s late`,
      counts,
    }
  },
}
