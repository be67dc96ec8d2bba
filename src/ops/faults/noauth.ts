import type { TcpDoor } from './doors/door.js'
import { answeredWitness } from './answered-witness.js'
import type { Fault } from './fault.js'
import { LOOKS_AGAIN_WITHIN_MS } from './looks-again.js'
import { unauthenticated } from './resp/unauthenticated.js'

export const noauth: Fault<TcpDoor> = {
  name: 'noauth',
  summary:
    'Every connection ends, and on new ones nothing is answered but that a password is missing, as when one has been set.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  looksAgainWithinMs: LOOKS_AGAIN_WITHIN_MS,
  apply: (door) => door.interfere(unauthenticated, { endsOpen: true }),
  lift: (door) => door.open(),
  witness: answeredWitness('NOAUTH'),
}
