import type { Witness } from '../report/drill-report.js'
import { counted, difference } from './difference.js'
import type { DoorCounts } from './doors/door.js'
import type { PauseCounts } from './pausable-server.js'

/** @param held what of our own was not answered, such as `a PING` */
export function pauseWitness(
  atFault: DoorCounts & PauseCounts,
  atHeal: DoorCounts & PauseCounts,
  held: string,
): Witness {
  const counts = difference(atFault, atHeal, [
    'serverPauses',
    'serverHolds',
    'pausesLost',
    'bytesToServer',
    'bytesToClient',
  ])
  const { serverPauses, serverHolds, pausesLost, bytesToServer, bytesToClient } = counts
  const lost = pausesLost > 0 ? '; the connection that told it to was lost, and with it the pause' : ''
  return {
    witnessed: serverHolds >= 1 && pausesLost === 0 && bytesToServer >= 1,
    evidence: `told to pause ${counted(serverPauses, 'time')}, one after the other, and ${held} was ${serverHolds > 0 ? 'not ' : ''}answered; ${counted(bytesToServer, 'byte')} went to it, and ${counted(bytesToClient, 'byte')} came back${lost}`,
    counts,
  }
}
