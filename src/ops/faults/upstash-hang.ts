import { counted, difference } from './difference.js'
import type { RestDoor } from './doors/door.js'
import type { Fault } from './fault.js'

export const upstashHang: Fault<RestDoor> = {
  name: 'upstash-hang',
  summary: 'Requests are accepted and not answered; what was accepted is carried out after the heal.',
  protocols: ['rest'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['stalled'],
  apply: (door) => door.interfere(() => ({ kind: 'hold' })),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['requestsHeld'])
    return {
      witnessed: counts.requestsHeld >= 1,
      evidence: `${counted(counts.requestsHeld, 'request')} accepted and held until the heal`,
      counts,
    }
  },
}
