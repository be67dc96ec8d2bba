import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { PASS, type Rule, type Treatment } from './resp/rule.js'

const ERROR = 'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.'
const busyAnswer: Treatment = { kind: 'answer', line: `-${ERROR}\r\n` }
const noExec: Treatment = {
  kind: 'answer',
  line: `-EXECABORT Transaction discarded because of: ${ERROR}\r\n`,
}
/** The script has written: else SCRIPT KILL would end the fault, and whoever sends it first would have repaired it. */
const notKilled: Treatment = {
  kind: 'answer',
  line:
    '-UNKILLABLE Sorry the script already executed write commands against the dataset. ' +
    'You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.\r\n',
}

const rule: Rule = ({ words }, command, { queued }) => {
  if (command.name === 'exec') return noExec
  if (!command.allowBusy) return busyAnswer
  if (queued !== null) return PASS
  switch (command.name) {
    case 'script|kill':
    case 'function|kill':
      return notKilled
    case 'function|stats':
      return busyAnswer
    case 'shutdown':
      return words.slice(1).every((word) => /^(save|now|force)$/i.test(word.toString('latin1')))
        ? busyAnswer
        : PASS
    default:
      return PASS
  }
}

export const busy: Fault<TcpDoor> = {
  name: 'busy',
  summary: 'Every command is refused, for as long as a script that somebody else started does not end.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: answeredWitness('BUSY'),
}
