import type { PausedDoor } from './doors/paused-door.js'
import type { Fault } from './fault.js'
import { pauseWitness } from './pause-witness.js'

type Counts = ReturnType<PausedDoor['counts']>

export const pause: Fault<PausedDoor> = {
  name: 'pause',
  summary: 'CLIENT PAUSE ALL: the server takes every command of every client, and answers none.',
  protocols: ['resp'],
  needs: 'pause',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.server.pause('all'),
  lift: (door) => door.server.resume(),
  witness: (atFault: Counts, atHeal: Counts) => pauseWitness(atFault, atHeal, 'a PING'),
}
