import type { ServedCounts, StandbyDoor } from './doors/served-door.js'
import { counted, difference } from './difference.js'
import type { Fault } from './fault.js'

export const replicaSwap: Fault<StandbyDoor> = {
  name: 'replica-swap',
  summary:
    'The server becomes a replica of its own standby while clients stay with it: it answers reads and refuses writes.',
  protocols: ['resp'],
  needs: 'standby',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  async apply({ server, standby }) {
    await standby.lead()
    await server.follow(standby)
  },
  lift: ({ server }) => server.lead(),
  witness(atFault: ServedCounts, atHeal: ServedCounts) {
    const counts = difference(atFault, atHeal, ['serverDemotions', 'repliesReadonly'])
    const { serverDemotions, repliesReadonly } = counts
    return {
      witnessed: serverDemotions >= 1 && repliesReadonly >= 1,
      evidence: `made a replica ${counted(serverDemotions, 'time')}; ${counted(repliesReadonly, 'command')} refused with READONLY by the server`,
      counts,
    }
  },
}
