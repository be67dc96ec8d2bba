import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { refuseWrites } from './resp/refuse-writes.js'

const rule = refuseWrites({
  error: "OOM command not allowed when used memory > 'maxmemory'.",
  refuses: (command) => command.denyoom,
  lifts: (command) => command.write && !command.denyoom,
  refusesExec: (queued) => queued.denyoom,
  refusesQueueing: true,
  allowedFlags: ['allow-oom', 'no-writes'],
})

export const oom: Fault<TcpDoor> = {
  name: 'oom',
  summary:
    'Reads and deletes work, but nothing can be stored, as when memory is full and nothing may be evicted.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: answeredWitness('OOM'),
}
