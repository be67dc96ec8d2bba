import type { ServedCounts, ServedDoor } from './doors/served-door.js'
import { counted, difference } from './difference.js'
import type { Fault } from './fault.js'

export const sigkill: Fault<ServedDoor> = {
  name: 'sigkill',
  summary:
    'The server process is killed, for everybody at once; it comes back without its data, and knows no script.',
  protocols: ['resp'],
  needs: 'server',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['refused'],
  async apply(door) {
    await door.server.kill()
    // Else the door would accept in place of a server that is not there.
    await door.refuse()
  },
  async lift(door) {
    await door.server.start()
    await door.open()
  },
  witness(atFault: ServedCounts, atHeal: ServedCounts) {
    const counts = difference(atFault, atHeal, [
      'serverKills',
      'connectionsEnded',
      'connectionsCut',
      'connectsRefused',
      'connectsNotRefused',
    ])
    const { serverKills, connectsRefused, connectsNotRefused } = counts
    // What the kernel ended the door may hear of before it closes, after it, or in the middle, and then count as both.
    const ended = Math.max(counts.connectionsEnded, counts.connectionsCut)
    return {
      witnessed: serverKills >= 1 && ended >= 1 && connectsRefused >= 1 && connectsNotRefused === 0,
      evidence: `killed ${counted(serverKills, 'time')}, which ended ${counted(ended, 'connection')}; ${connectsRefused} of ${counted(connectsRefused + connectsNotRefused, 'connect')} refused`,
      counts,
    }
  },
}
