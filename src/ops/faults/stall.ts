import { ANY_PROTOCOL, type Fault } from './fault.js'
import { counted, difference } from './difference.js'

export const stall: Fault = {
  name: 'stall',
  summary:
    'Connections stay open and new ones are accepted, but nothing is answered, as when the server hangs.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['stalled'],
  apply: (door) => door.stall(),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['connectionsHeld', 'bytesHeldToServer', 'bytesHeldToClient'])
    const { connectionsHeld, bytesHeldToServer, bytesHeldToClient } = counts
    return {
      witnessed: connectionsHeld >= 1 && bytesHeldToServer >= 1,
      evidence: `${counted(connectionsHeld, 'connection')} held; ${counted(bytesHeldToServer, 'byte')} to the server and ${counted(bytesHeldToClient, 'byte')} to the client withheld until the heal`,
      counts,
    }
  },
}
