import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { refuseWrites } from './resp/refuse-writes.js'
import type { Rule, Treatment } from './resp/rule.js'

const ERROR =
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
  'Commands that may modify the data set are disabled, because this instance is configured to report errors during ' +
  'writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). ' +
  'Please check the Redis logs for details about the RDB error.'
const noPing: Treatment = { kind: 'answer', line: `-${ERROR}\r\n` }

const refusing = refuseWrites({
  error: ERROR,
  refuses: (command) => command.write,
  lifts: () => false,
  refusesExec: (queued) => queued.write,
  refusesQueueing: false,
  allowedFlags: ['no-writes'],
})

/** PING is refused as well, so that who only asks whether the server is there notices; within a script it is not. */
const rule: Rule = (request, command, circumstances) =>
  command.name === 'ping' ? noPing : refusing(request, command, circumstances)

export const misconf: Fault<TcpDoor> = {
  name: 'misconf',
  summary: 'Reads work, but every write, delete and PING is refused, as when snapshots fail on a full disk.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: answeredWitness('MISCONF'),
}
