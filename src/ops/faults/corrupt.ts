import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import { drawn } from './drawn.js'
import type { Fault } from './fault.js'
import { withOtherPayloads } from './resp/bulk-payloads.js'
import { PASS, type Rule } from './resp/rule.js'

const SEED = 1

const rule: Rule = (_request, { readonly, keys }, { index }) => {
  if (!readonly || keys === null) return PASS
  return { kind: 'change', change: (reply) => withOtherPayloads(reply, (payload) => flip(payload, index)) }
}

/** The lowest bit of one byte: a digit becomes another digit, a letter another letter, and all of it may still be JSON. */
function flip(payload: Buffer, index: number): void {
  const at = Math.floor(drawn(SEED, index) * payload.length)
  payload.writeUInt8(payload.readUInt8(at) ^ 1, at)
}

export const corrupt: Fault<TcpDoor> = {
  name: 'corrupt',
  summary:
    'Every value that is read comes with one byte of it changed, as from bad memory or a proxy with a bug; nothing says so.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: {
    C10: 'nothing fails under it, and who checks what he reads counts what is invalid, as he should',
  },
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['repliesChanged'])
    return {
      witnessed: counts.repliesChanged >= 1,
      evidence: `${counted(counts.repliesChanged, 'value')} came with another byte`,
      counts,
    }
  },
}
