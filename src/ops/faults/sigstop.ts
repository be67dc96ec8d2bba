import type { ServedCounts, ServedDoor } from './doors/served-door.js'
import { counted, difference } from './difference.js'
import type { Fault } from './fault.js'

export const sigstop: Fault<ServedDoor> = {
  name: 'sigstop',
  summary:
    'The server process is stopped, for everybody at once: its kernel accepts and acknowledges, and nobody answers.',
  protocols: ['resp'],
  needs: 'server',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['stalled'],
  apply: (door) => door.server.freeze(),
  lift: (door) => door.server.thaw(),
  witness(atFault: ServedCounts, atHeal: ServedCounts) {
    const counts = difference(atFault, atHeal, ['serverFreezes', 'bytesToServer', 'bytesToClient'])
    const { serverFreezes, bytesToServer, bytesToClient } = counts
    return {
      witnessed: serverFreezes >= 1 && bytesToServer >= 1,
      evidence: `stopped ${counted(serverFreezes, 'time')}; ${counted(bytesToServer, 'byte')} went to it, and ${counted(bytesToClient, 'byte')} that it had sent before came back`,
      counts,
    }
  },
}
