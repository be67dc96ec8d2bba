import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { refuseKeys } from './resp/cluster.js'

const rule = refuseKeys({
  errorFor: () => 'CLUSTERDOWN The cluster is down',
  inScript: 'ERR Script attempted to execute a command while the cluster is down',
})

export const clusterdown: Fault<TcpDoor> = {
  name: 'clusterdown',
  summary:
    'Connected, but everything about a key is refused, as when a cluster has lost a node that nobody stands in for.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: answeredWitness('CLUSTERDOWN'),
}
