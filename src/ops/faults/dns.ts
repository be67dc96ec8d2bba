import { counted, difference } from './difference.js'
import type { NamedDoor } from './doors/door.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

export const dns: Fault<NamedDoor> = {
  name: 'dns',
  summary: 'Every connection is cut, and the name of the server does not resolve any more.',
  protocols: ANY_PROTOCOL,
  needs: 'name',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['refused'],
  apply: (door) => door.loseName(),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['connectionsCut', 'lookupsFailed', 'lookupsAnswered'])
    const { connectionsCut, lookupsFailed, lookupsAnswered } = counts
    return {
      witnessed: connectionsCut >= 1 && lookupsFailed >= 1,
      evidence: `${counted(connectionsCut, 'connection')} cut; ${lookupsFailed} of ${counted(lookupsFailed + lookupsAnswered, 'lookup')} of its name failed`,
      counts,
    }
  },
}
