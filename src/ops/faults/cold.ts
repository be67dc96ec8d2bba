import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { elsewhere, MISSING } from './resp/elsewhere.js'
import { blindScript } from './resp/guard-script.js'
import { scriptCache, treatScript } from './resp/refuse-writes.js'
import type { Rule } from './resp/rule.js'

const blind = scriptCache((script) => blindScript(script, MISSING))

/** What asks about the whole data set is answered by what the server says of a key that is not there. */
const WITHOUT_KEYS: Readonly<Record<string, readonly string[]>> = {
  dbsize: ['EXISTS', MISSING],
  keys: ['KEYS', MISSING],
  randomkey: ['GET', MISSING],
  scan: ['SSCAN', MISSING, '0'],
}

const rule: Rule = (request, command, circumstances) => {
  const { name } = command
  const whole = WITHOUT_KEYS[name]
  if (whole !== undefined) return { kind: 'instead', words: whole }
  if (/^eval(sha)?(_ro)?$/.test(name)) return treatScript(request, circumstances, blind)
  return elsewhere(request, command)
}

export const cold: Fault<TcpDoor> = {
  name: 'cold',
  summary: 'Every read is a miss while writes are accepted, as when a restart has lost the data.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: {
    C10: 'nothing fails under it: an empty Redis shows as misses, in the hit ratio, and this drill listens for failures',
  },
  losesData: true,
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['commandsReplaced'])
    return {
      witnessed: counts.commandsReplaced >= 1,
      evidence: `${counted(counts.commandsReplaced, 'command')} found nothing`,
      counts,
    }
  },
}
