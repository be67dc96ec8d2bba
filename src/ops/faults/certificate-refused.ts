import { counted, difference } from './difference.js'
import type { Fault } from './fault.js'

/** Witnessed by a connection that ended and a client that would not have the certificate that the next one was shown. */
export const certificateRefused: Fault['witness'] = (atFault, atHeal) => {
  const counts = difference(atFault, atHeal, [
    'connectionsCut',
    'handshakesRefused',
    'badCertificatesAccepted',
  ])
  const { connectionsCut, handshakesRefused, badCertificatesAccepted } = counts
  const shown = handshakesRefused + badCertificatesAccepted
  return {
    witnessed: connectionsCut >= 1 && handshakesRefused >= 1,
    evidence:
      `${counted(connectionsCut, 'connection')} cut; the certificate was refused in ${handshakesRefused} of ${counted(shown, 'handshake')}` +
      (badCertificatesAccepted > 0 ? ': the client does not look at it' : ''),
    counts,
  }
}
