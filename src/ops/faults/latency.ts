import { counted, difference } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

const DELAY_MS = 300
const JITTER_MS = 50

export const latency: Fault = {
  name: 'latency',
  summary:
    'Everything takes 300 ms more each way, give or take 50, as over a path that is congested or a continent too long.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.delay(() => DELAY_MS + (2 * Math.random() - 1) * JITTER_MS),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['bytesDelayedToServer', 'bytesDelayedToClient'])
    const { bytesDelayedToServer, bytesDelayedToClient } = counts
    return {
      witnessed: bytesDelayedToServer >= 1,
      evidence: `${counted(bytesDelayedToServer, 'byte')} to the server and ${counted(bytesDelayedToClient, 'byte')} to the client came 300 ms late`,
      counts,
    }
  },
}
