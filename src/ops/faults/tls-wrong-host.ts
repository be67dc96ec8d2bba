import { certificateRefused } from './certificate-refused.js'
import type { TlsDoor } from './doors/door.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

export const tlsWrongHost: Fault<TlsDoor> = {
  name: 'tls-wrong-host',
  summary: 'Every connection is cut, and new ones meet a certificate for another host.',
  protocols: ANY_PROTOCOL,
  needs: 'tls',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['refused'],
  apply: (door) => door.show('wrong-host'),
  lift: (door) => door.open(),
  witness: certificateRefused,
}
