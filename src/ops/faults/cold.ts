import { randomUUID } from 'node:crypto'
import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { keyPositions, type Command } from './resp/commands.js'
import { blindScript } from './resp/guard-script.js'
import { scriptCache, treatScript } from './resp/refuse-writes.js'
import type { Request } from './resp/request-parser.js'
import { PASS, type Rule, type Treatment } from './resp/rule.js'

const MISSING = `transparent-cache:nobody-has-this-key:${randomUUID()}`
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
  // The only one that hands out a value for changing its time to live alone.
  const reads = command.readonly || name === 'getex'
  return reads && request.complete ? elsewhere(request, command) : PASS
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

/** The same question about keys that are not there. */
function elsewhere({ words, count }: Request, command: Command): Treatment {
  const positions = new Set(positionsOf(words, count, command))
  if (positions.size === 0) return PASS
  return { kind: 'instead', words: words.map((word, at) => (positions.has(at) ? MISSING : word)) }
}

function positionsOf(words: readonly Buffer[], count: number, command: Command): number[] {
  const range = (first: number, length: number) => Array.from({ length }, (_, index) => first + index)
  switch (command.name) {
    case 'getex':
      return [1]
    case 'sintercard':
    case 'zdiff':
    case 'zinter':
    case 'zintercard':
    case 'zunion': {
      const keys = Number(words[1]?.toString('latin1'))
      return Number.isInteger(keys) && keys > 0 && keys <= count - 2 ? range(2, keys) : []
    }
    case 'xread': {
      const first = 1 + words.findIndex((word) => word.toString('latin1').toLowerCase() === 'streams')
      return first === 0 ? [] : range(first, Math.floor((count - first) / 2))
    }
    default:
      return keyPositions(command, count)
  }
}
