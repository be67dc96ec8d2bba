import type { ClockCounts, ClockDoor } from './doors/clock-door.js'
import type { DoorCounts } from './doors/door.js'
import { counted, difference } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

/** More than any deadline, window or tolerance that is meant to bear a clock that is a little wrong. */
const BY_MS = 90_000
/** Behind it is for the rest, in the longer part of most drills: what then lasts too long must have time to show. */
const AHEAD_FOR_MS = 1500
const MISSING =
  'there is no libfaketime here, which would move its clock (Debian and Ubuntu: apt-get install -y faketime)'

type Counts = DoorCounts & ClockCounts

export const clockSkew: Fault<ClockDoor> = {
  name: 'clock-skew',
  summary:
    'The clock of one process of the service jumps 90 s ahead, then 90 s behind, and is right at the heal.',
  protocols: ANY_PROTOCOL,
  needs: 'clock',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: {
    C5: 'what a factory gives does not depend on what time it is',
    C10: 'Redis is there and answers, so there is nothing that the subject would have to tell',
  },
  apply: (door) =>
    door.clock.follow([
      { byMs: BY_MS, forMs: AHEAD_FOR_MS },
      { byMs: -BY_MS, forMs: Infinity },
    ]),
  lift: (door) => door.clock.wrongBy(0),
  witness(atFault: Counts, atHeal: Counts) {
    const counts = difference(atFault, atHeal, ['jumpsAhead', 'jumpsBehind', 'bytesToServer'])
    const { jumpsAhead, jumpsBehind, bytesToServer } = counts
    return {
      witnessed: jumpsAhead >= 1 && bytesToServer >= 1,
      evidence:
        atHeal.clocksFixed > 0
          ? MISSING
          : `beside the server's, its clock was 90 s ahead ${counted(jumpsAhead, 'time')} and 90 s behind ${counted(jumpsBehind, 'time')}; ${counted(bytesToServer, 'byte')} went to the server meanwhile`,
      counts,
    }
  },
}
