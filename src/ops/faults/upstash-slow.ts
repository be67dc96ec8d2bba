import { counted, difference } from './difference.js'
import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import type { RestTreatment } from './rest/rule.js'

/** A second in all, of which a client that only waits for the head of the answer sees a fifth. */
const slow: RestTreatment = { kind: 'slow', delayMs: 200, pieces: 8, everyMs: 100 }

export const upstashSlow: Fault<RestDoor> = {
  name: 'upstash-slow',
  summary:
    'Every request is carried out, and its answer begins 200 ms late and then drips for 800 ms, as from a service under too much load.',
  protocols: ['rest'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(() => slow),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['requestsSlowed'])
    return {
      witnessed: counts.requestsSlowed >= 1,
      evidence: `the answers to ${counted(counts.requestsSlowed, 'request')} came late and bit by bit`,
      counts,
    }
  },
}
