import type { PausedDoor } from './doors/paused-door.js'
import type { Fault } from './fault.js'
import { pauseWitness } from './pause-witness.js'

type Counts = ReturnType<PausedDoor['counts']>

export const pauseWrites: Fault<PausedDoor> = {
  name: 'pause-writes',
  summary: 'CLIENT PAUSE WRITE: reads are answered as ever, and what writes, or is a script, waits.',
  protocols: ['resp'],
  needs: 'pause',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.server.pause('writes'),
  lift: (door) => door.server.resume(),
  witness: (atFault: Counts, atHeal: Counts) => pauseWitness(atFault, atHeal, 'a write'),
}
