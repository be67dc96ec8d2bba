import { ANY_PROTOCOL, type Fault } from './fault.js'
import { counted, difference } from './difference.js'

export const refused: Fault = {
  name: 'refused',
  summary:
    'Every connection is cut and every new one is refused at once, as when the server process has died.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['refused'],
  apply: (door) => door.refuse(),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['connectionsCut', 'connectsRefused', 'connectsNotRefused'])
    const { connectionsCut, connectsRefused, connectsNotRefused } = counts
    return {
      witnessed: connectionsCut >= 1 && connectsRefused >= 1 && connectsNotRefused === 0,
      evidence: `${counted(connectionsCut, 'connection')} cut; ${connectsRefused} of ${counted(connectsRefused + connectsNotRefused, 'connect')} refused`,
      counts,
    }
  },
}
