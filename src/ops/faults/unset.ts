import { counted } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

/** It begins with the deploy: there is nothing to apply, and no instant at which it is lifted. */
export const unset: Fault = {
  name: 'unset',
  summary: 'The service is told of no backend at all, as when it was deployed without REDIS_URL.',
  protocols: ANY_PROTOCOL,
  needs: 'unset',
  breaks: ['C1', 'C2', 'C3', 'C5', 'C6', 'C7', 'C9', 'C11'],
  spares: {
    C4: 'without a backend a limiter allows everything, which is its contract and not its policy',
    C8: 'there is nothing to recover: the service has no backend afterwards either',
    C10: 'nothing begins in it that could show: the service has been without a backend since its start',
  },
  apply: () => Promise.resolve(),
  lift: () => Promise.resolve(),
  witness(_atFault, { connectionsAccepted }) {
    return {
      witnessed: connectionsAccepted === 0,
      evidence:
        connectionsAccepted === 0
          ? 'nobody ever connected'
          : `${counted(connectionsAccepted, 'connection')} reached a backend that the service was not told of`,
      counts: { connectionsAccepted },
    }
  },
}
