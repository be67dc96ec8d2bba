import { certificateRefused } from './certificate-refused.js'
import type { TlsDoor } from './doors/door.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

export const tlsExpired: Fault<TlsDoor> = {
  name: 'tls-expired',
  summary: 'Every connection is cut, and new ones meet a certificate that expired yesterday.',
  protocols: ANY_PROTOCOL,
  needs: 'tls',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['refused'],
  apply: (door) => door.show('expired'),
  lift: (door) => door.open(),
  witness: certificateRefused,
}
