import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { keysOf } from './resp/key-positions.js'
import { PASS, type Rule, type Treatment } from './resp/rule.js'

const TTL_MS = '50'

/** Whether a script or a function writes is not looked at: to expire what was only read does what an eviction would. */
const RUNS = /^(eval|evalsha|fcall)$/

const rule: Rule = (request, command, { queued }) => {
  if (queued !== null) return command.name === 'exec' ? expiring(queued.written) : PASS
  return command.write || RUNS.test(command.name) ? expiring(keysOf(request, command)) : PASS
}

/** One that has less to live already keeps what it has. */
function expiring(keys: readonly Buffer[]): Treatment {
  if (keys.length === 0) return PASS
  return { kind: 'followed', by: keys.map((key) => ['PEXPIRE', key, TTL_MS, 'LT']) }
}

export const shortTtl: Fault<TcpDoor> = {
  name: 'short-ttl',
  summary: 'Whatever is written is gone 50 ms later, as when a TTL in seconds was taken for milliseconds.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: {
    C10: 'nothing fails under it: what has expired shows as misses, in the hit ratio, and this drill listens for failures',
  },
  losesData: true,
  altersData: true,
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['commandsAdded'])
    return {
      witnessed: counts.commandsAdded >= 1,
      evidence: `${counted(counts.commandsAdded, 'write')} followed by a PEXPIRE of 50 ms`,
      counts,
    }
  },
}
