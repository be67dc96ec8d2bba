import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { PASS, type Rule } from './resp/rule.js'

/** An earlier reply about the same key would be an old value, which is another failure, and which nobody can tell. */
const rule: Rule = ({ words }, { readonly, keys }, { queued }) =>
  readonly && keys !== null && queued === null
    ? { kind: 'swap', question: words.map((word) => word.toString('latin1')).join(' ') }
    : PASS

export const swappedReplies: Fault<TcpDoor> = {
  name: 'swapped-replies',
  summary:
    'Reads are answered with what another read of the same connection asked for, as when a client has lost count of its replies.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: {
    C10: 'nothing fails under it, and who checks what he reads counts what is invalid, as he should',
  },
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['repliesSwapped'])
    return {
      witnessed: counts.repliesSwapped >= 1,
      evidence: `${counted(counts.repliesSwapped, 'read')} got the reply of another`,
      counts,
    }
  },
}
