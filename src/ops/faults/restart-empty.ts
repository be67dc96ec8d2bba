import type { ServedCounts, ServedDoor } from './doors/served-door.js'
import { counted, difference } from './difference.js'
import type { Fault } from './fault.js'

export const restartEmpty: Fault<ServedDoor> = {
  name: 'restart-empty',
  summary: 'The server restarts within an instant, and everything in it is gone: data, counts and scripts.',
  protocols: ['resp'],
  needs: 'server',
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: {
    C10: 'it is over within an instant, in which perhaps nobody asks: an empty Redis shows as misses, in the hit ratio, and this drill listens for failures',
  },
  losesData: true,
  async apply({ server }) {
    await server.kill()
    await server.start()
  },
  lift: ({ server }) => server.start(),
  witness(atFault: ServedCounts, atHeal: ServedCounts) {
    const counts = difference(atFault, atHeal, [
      'serverKills',
      'serverStarts',
      'connectionsEnded',
      'repliesNoscript',
    ])
    const { serverKills, serverStarts, connectionsEnded, repliesNoscript } = counts
    return {
      witnessed: serverKills >= 1 && serverStarts >= 1 && connectionsEnded >= 1,
      evidence: `killed and started again, empty, which ended ${counted(connectionsEnded, 'connection')}; ${counted(repliesNoscript, 'script')} no longer known`,
      counts,
    }
  },
}
