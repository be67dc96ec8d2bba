import type { ServedDoor } from './doors/served-door.js'
import { counted, difference } from './difference.js'
import type { Fault } from './fault.js'

export const maxmemory: Fault<ServedDoor> = {
  name: 'maxmemory',
  summary: 'The server is full and evicts nothing: it refuses whatever needs memory, to everybody at once.',
  protocols: ['resp'],
  needs: 'server',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  async apply({ server }) {
    // The policy first: with another one the limit would cost all data.
    await server.order(
      ['CONFIG', 'SET', 'maxmemory-policy', 'noeviction'],
      ['CONFIG', 'SET', 'maxmemory', '1'],
    )
  },
  async lift({ server }) {
    await server.order(['CONFIG', 'SET', 'maxmemory', '0'])
  },
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['repliesOom'])
    return {
      witnessed: counts.repliesOom >= 1,
      evidence: `${counted(counts.repliesOom, 'command')} refused with OOM by the server`,
      counts,
    }
  },
}
