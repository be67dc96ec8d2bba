import { answeredWitness } from './answered-witness.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { declaredFlags, refusedScript } from './resp/guard-script.js'
import { KNOWN_FLAGS, scriptCache, treatScript } from './resp/refuse-writes.js'
import { PASS, type Rule, type Treatment } from './resp/rule.js'

const NO_WRITE = "READONLY You can't write against a read only replica."
const NO_LINK = "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."

const answer = (error: string): Treatment => ({ kind: 'answer', line: `-${error}\r\n` })
const noExec = (error: string) => answer(`EXECABORT Transaction discarded because of: ${error}`)

/** A script that declares nothing has to be a sound one before the server says that it will not run it. */
const refused = scriptCache((script) => refusedScript(script, NO_LINK))

const rule: Rule = (request, command, circumstances) => {
  const { queued } = circumstances
  if (command.write) return answer(NO_WRITE)
  if (command.name === 'exec') {
    if (queued?.write) return noExec(NO_WRITE)
    return queued?.denystale ? noExec(NO_LINK) : PASS
  }
  // Whether a function may run is written in a library that the door has not read.
  if (!command.stale || /^fcall(_ro)?$/.test(command.name)) return answer(NO_LINK)
  if (!/^eval(sha)?(_ro)?$/.test(command.name)) return PASS
  return treatScript(request, circumstances, (script) => {
    const flags = declaredFlags(script)
    if (flags === null) return refused(script)
    // A flag that does not exist is for the server to turn down.
    if (flags.some((flag) => !KNOWN_FLAGS.has(flag))) return script
    if (!flags.includes('no-writes')) return answer(NO_WRITE)
    return flags.includes('allow-stale') ? script : answer(NO_LINK)
  })
}

export const masterdown: Fault<TcpDoor> = {
  name: 'masterdown',
  summary:
    'Connected, but nothing is read or written, as at a replica that lost its primary and may not guess.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness: answeredWitness('MASTERDOWN or READONLY'),
}
