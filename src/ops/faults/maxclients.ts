import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'

export const maxclients: Fault<TcpDoor> = {
  name: 'maxclients',
  summary:
    'Every connection ends, and each new one hears that there are too many and ends, as when others have taken them all.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.turnAway('-ERR max number of clients reached\r\n'),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['connectionsCut', 'connectionsTurnedAway'])
    const { connectionsCut, connectionsTurnedAway } = counts
    return {
      witnessed: connectionsTurnedAway >= 1,
      evidence: `${counted(connectionsCut, 'connection')} cut; ${counted(connectionsTurnedAway, 'new connection')} turned away`,
      counts,
    }
  },
}
