import { counted, difference } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

export const halfOpen: Fault = {
  name: 'half-open',
  summary:
    'Connections from before are dead without a word, and new ones work, as when a NAT or firewall has forgotten who was connected.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['stalled'],
  apply: (door) => door.forget(),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['connectionsLost', 'bytesLostToServer', 'bytesLostToClient'])
    const { connectionsLost, bytesLostToServer, bytesLostToClient } = counts
    return {
      witnessed: connectionsLost >= 1 && bytesLostToServer >= 1,
      evidence: `${counted(connectionsLost, 'connection')} lost; ${counted(bytesLostToServer, 'byte')} of theirs to the server and ${counted(bytesLostToClient, 'byte')} to the client never arrived`,
      counts,
    }
  },
}
