import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { LOOKS_AGAIN_WITHIN_MS } from './looks-again.js'
import { unauthenticated } from './resp/unauthenticated.js'

export const wrongpass: Fault<TcpDoor> = {
  name: 'wrongpass',
  summary:
    'Every connection ends, and on new ones the password is not the right one any more, as when it has been rotated.',
  protocols: ['resp'],
  needs: 'password',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  looksAgainWithinMs: LOOKS_AGAIN_WITHIN_MS,
  apply: (door) => door.interfere(unauthenticated, { endsOpen: true }),
  lift: (door) => door.open(),
  witness: answeredWitness('WRONGPASS or NOAUTH'),
}
