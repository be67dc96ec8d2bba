import { counted, difference } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

export const reset: Fault = {
  name: 'reset',
  summary:
    'Every connection is reset, and so is every new one as soon as it is made, as by a broken load balancer.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['refused'],
  apply: (door) => door.reset(),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['connectionsReset'])
    return {
      witnessed: counts.connectionsReset >= 1,
      evidence: `${counted(counts.connectionsReset, 'connection')} reset`,
      counts,
    }
  },
}
