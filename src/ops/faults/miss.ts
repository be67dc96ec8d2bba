import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import { drawn } from './drawn.js'
import type { Fault } from './fault.js'
import { elsewhere } from './resp/elsewhere.js'
import { PASS, type Rule } from './resp/rule.js'

const SHARE = 0.3
const SEED = 1

const rule: Rule = (request, command, { index }) =>
  drawn(SEED, index) < SHARE ? elsewhere(request, command) : PASS

export const miss: Fault<TcpDoor> = {
  name: 'miss',
  summary: 'Three in ten reads find nothing, as when memory is short and keys are evicted.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: {
    C10: 'nothing fails under it: evicted keys show as misses, in the hit ratio, and this drill listens for failures',
  },
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['commandsReplaced'])
    return {
      witnessed: counts.commandsReplaced >= 1,
      evidence: `${counted(counts.commandsReplaced, 'read')} found nothing`,
      counts,
    }
  },
}
