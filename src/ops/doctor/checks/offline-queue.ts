import type { WorldCheck } from '../check.js'
import { whichClient } from '../judged-client.js'

const FIX =
  'Give it enableOfflineQueue: false, autoResendUnfulfilledCommands: false; the embedded library has both.'

export const offlineQueueCheck: WorldCheck = {
  on: 'world',
  id: 'TTF-003',
  group: 'failover',
  title: 'nothing is sent late',
  threshold: {
    warn: null,
    fail: null,
    source:
      'measured with ioredis 5 and 6: a SET of the outage was sent when Redis was back, and overwrote a newer value; a failure where the project declares families that hold authorisation data',
  },
  deadlineMs: 1000,
  run({ client, authorisation }) {
    if (!client) return { status: 'skip', message: 'no Redis is configured, so nothing is kept for it' }
    const { assumed, timeToFallback } = client
    const name = whichClient(client)
    if (!timeToFallback.offlineQueue) {
      return {
        status: 'ok',
        message: `what is called while Redis is away fails, and is not sent when it is back; ${name}`,
      }
    }
    const what = 'what is called while Redis is away is sent when it is back, over what is newer by then'
    const isGrave = authorisation.length > 0
    const whose = isGrave ? `; a revoked right comes back with it (${authorisation.join(', ')})` : ''
    return {
      status: isGrave && !assumed ? 'FAIL' : 'warn',
      message: `${what} (enableOfflineQueue)${whose}; ${name}`,
      remediation: { text: FIX },
    }
  },
}
