// rate-limiter-flexible counts in windows that begin with the first request, so that any second may see two of them: ten points
// each keep a limit of twenty.
import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'

const POINTS = 10
/** Failures in a row. One alone is a slow answer and no outage. */
const OUTAGE = 3

export function createLimiter({ redisUrl }) {
  const counter = redisUrl === null ? null : counterAt(redisUrl)
  let failures = 0
  const note = (isCounted) => {
    if (isCounted && failures >= OUTAGE) console.error('limiter: counts')
    failures = isCounted ? 0 : failures + 1
    if (failures === OUTAGE) console.error('limiter: cannot count, refuses all')
  }
  return {
    async limit(identifier) {
      try {
        if (!counter) throw new Error('no Redis')
        await counter.consume(identifier)
        note(true)
        return { allowed: true, reason: 'ok' }
      } catch (refusal) {
        const isCounted = !(refusal instanceof Error)
        note(isCounted)
        return { allowed: false, reason: isCounted ? 'limited' : 'unavailable' }
      }
    },
  }
}

function counterAt(url) {
  const storeClient = new Redis(url, {
    connectTimeout: 1000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 250),
  })
  storeClient.on('error', () => {})
  return new RateLimiterRedis({ storeClient, keyPrefix: 'login', points: POINTS, duration: 1 })
}
