import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { PASS, type Rule } from './resp/rule.js'

const OF_DATA = /^(eval|evalsha|fcall)(_ro)?$|^exec$/

/** What a client says to get ready is answered, so that it comes back and is hit again. */
const rule: Rule = (_request, { name, readonly, write }, { queued }) => {
  const ofData = readonly || write || OF_DATA.test(name)
  return ofData && (queued === null || name === 'exec') ? { kind: 'cut' } : PASS
}

export const cut: Fault<TcpDoor> = {
  name: 'cut',
  summary: 'Each connection works until its first answer about data, and ends in the middle of that one.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['repliesCut'])
    return {
      witnessed: counts.repliesCut >= 1,
      evidence: `${counted(counts.repliesCut, 'connection')} cut in the middle of a reply`,
      counts,
    }
  },
}
