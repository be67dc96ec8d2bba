import type { TcpDoor } from '../src/ops/faults/doors/door.js'
import type { Fault } from '../src/ops/faults/fault.js'
import { flap } from '../src/ops/faults/flap.js'
import { loading } from '../src/ops/faults/loading.js'
import { oom } from '../src/ops/faults/oom.js'
import { readonly } from '../src/ops/faults/readonly.js'
import { refused } from '../src/ops/faults/refused.js'
import { reset } from '../src/ops/faults/reset.js'
import { stall } from '../src/ops/faults/stall.js'

/** One column of the matrix. */
export interface PeerFault {
  name: string
  what: string
  /** It is there before the process connects for the first time. */
  beforeStart?: true
  apply(door: TcpDoor): Promise<void>
}

const as = (name: string, what: string, { apply }: Fault<TcpDoor>): PeerFault => ({ name, what, apply })

/** The server keeps its data in each of them, which is what makes an invalidation that was lost one that is missed. */
export const PEER_FAULTS: readonly PeerFault[] = [
  as('kill', 'connections are cut and refused', refused),
  as('stop', 'nothing is answered', stall),
  {
    name: 'lat500',
    what: 'every answer comes 500 ms late',
    apply: (door) => door.delay(() => 250),
  },
  as('rst', 'connections are reset, new ones too', reset),
  as('oom', 'nothing can be stored', oom),
  as('readonly', 'every write is refused', readonly),
  as('loading', 'nearly every command is told to come back later', loading),
  as('flap', 'refused for 200 ms, open for 200 ms', flap),
  { ...as('boot', 'connections are refused from before the start', refused), beforeStart: true },
]
