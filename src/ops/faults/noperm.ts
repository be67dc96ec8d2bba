import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { guardScript } from './resp/guard-script.js'
import { keyPositions, takesKeys } from './resp/key-positions.js'
import { scriptCache, treatScript } from './resp/refuse-writes.js'
import { PASS, type Rule, type Treatment } from './resp/rule.js'

const answer: Treatment = {
  kind: 'answer',
  line: '-NOPERM this user has no permissions to access one of the keys used as arguments\r\n',
}
/** Their names are no keys to those who decide what a user may do. */
const OF_CHANNELS = /^(spublish|s(un)?subscribe)$/

const guarded = scriptCache((script) =>
  guardScript(script, {
    error:
      "ERR The user executing the script can't access at least one of the keys mentioned in the command arguments",
    refuses: (command) => takesKeys(command) && !/^(eval|fcall)/.test(command.name),
    lifts: () => false,
  }),
)

const rule: Rule = (request, command, circumstances) => {
  if (OF_CHANNELS.test(command.name)) return PASS
  if (keyPositions(request, command).length > 0) return answer
  return /^eval(sha)?(_ro)?$/.test(command.name) ? treatScript(request, circumstances, guarded) : PASS
}

export const noperm: Fault<TcpDoor> = {
  name: 'noperm',
  summary: 'Connected, but the user may not touch a single key, as when somebody has tightened the ACL.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: answeredWitness('NOPERM'),
}
