import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { refuseKeys } from './resp/cluster.js'

/** Nobody listens there: who follows is refused at once, and reaches no server of anybody's. */
export const ELSEWHERE = '127.0.0.1:1'

const rule = refuseKeys({
  errorFor: (slot) => `MOVED ${slot} ${ELSEWHERE}`,
  inScript: 'ERR Script attempted to access a non local key in a cluster node',
})

export const moved: Fault<TcpDoor> = {
  name: 'moved',
  summary:
    'Everything about a key is sent on to another node, where nobody answers, as after a move to a cluster.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: answeredWitness('MOVED'),
}
