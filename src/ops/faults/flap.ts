import { counted, difference } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

export const flap: Fault = {
  name: 'flap',
  summary:
    'Refused for 200 ms, open for 200 ms, and so on, as when a server crashes as often as it is restarted.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.flap({ closedMs: 200, openMs: 200 }),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['timesClosed', 'connectionsCut', 'connectsNotRefused'])
    const { timesClosed, connectionsCut, connectsNotRefused } = counts
    return {
      witnessed: timesClosed >= 2 && connectionsCut >= 1 && connectsNotRefused === 0,
      evidence: `closed ${timesClosed} times; ${counted(connectionsCut, 'connection')} cut`,
      counts,
    }
  },
}
