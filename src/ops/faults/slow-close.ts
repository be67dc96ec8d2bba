import { counted, difference } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

const ENDS_AFTER_MS = 1500

export const slowClose: Fault = {
  name: 'slow-close',
  summary:
    'The server ends every connection and answers no more, but the end reaches the client only 1.5 s later, as through a proxy that lingers.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.endLate(ENDS_AFTER_MS),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, [
      'connectionsLost',
      'connectionsEndedLate',
      'bytesLostToServer',
    ])
    const { connectionsLost, connectionsEndedLate, bytesLostToServer } = counts
    return {
      witnessed: connectionsLost >= 1 && bytesLostToServer >= 1,
      evidence: `${counted(connectionsLost, 'connection')} ended by the server, of which ${connectionsEndedLate} lasted until the client heard of it; ${counted(bytesLostToServer, 'byte')} to the server reached nobody`,
      counts,
    }
  },
}
