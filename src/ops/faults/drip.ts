import { counted, difference } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

/** 500 bytes a second. */
const PACE = { bytes: 10, everyMs: 20 }

export const drip: Fault = {
  name: 'drip',
  summary:
    'Everything arrives ten bytes at a time, 500 a second each way, as over a path that has hardly any bandwidth left.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.drip(PACE),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['bytesDelayedToServer', 'bytesDelayedToClient'])
    const { bytesDelayedToServer, bytesDelayedToClient } = counts
    return {
      // As many as take longer than the deadline of any client that has one.
      witnessed: bytesDelayedToServer > PACE.bytes,
      evidence: `${counted(bytesDelayedToServer, 'byte')} to the server and ${counted(bytesDelayedToClient, 'byte')} to the client came ten at a time`,
      counts,
    }
  },
}
