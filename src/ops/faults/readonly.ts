import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { refuseWrites } from './resp/refuse-writes.js'

const rule = refuseWrites({
  error: "READONLY You can't write against a read only replica.",
  refuses: (command) => command.write,
  lifts: () => false,
  refusesExec: (queued) => queued.write,
  refusesQueueing: false,
  allowedFlags: ['no-writes'],
})

export const readonly: Fault<TcpDoor> = {
  name: 'readonly',
  summary: 'Reads work, but every write and delete is refused, as when the primary has become a replica.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: answeredWitness('READONLY'),
}
