// @upstash/ratelimit estimates what the window before has left over, so that any second may see two limits: ten keep twenty.
import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'

const COUNTED = 10
/** Failures in a row. One alone is a slow answer and no outage. */
const OUTAGE = 3

export function createLimiter({ upstash }) {
  const counter = upstash ? counterAt(upstash) : null
  let failures = 0
  const note = (isCounted) => {
    if (isCounted && failures >= OUTAGE) console.error('limiter: counts')
    failures = isCounted ? 0 : failures + 1
    if (failures === OUTAGE) console.error('limiter: cannot count, lets all through')
  }
  return {
    async limit(identifier) {
      try {
        if (!counter) throw new Error('no Redis')
        const { success, reason } = await counter.limit(identifier)
        note(reason !== 'timeout')
        return { success, reason }
      } catch {
        note(false)
        return { success: true, reason: 'unavailable' }
      }
    },
  }
}

function counterAt(upstash) {
  const redis = new Redis({
    ...upstash,
    enableTelemetry: false,
  })
  const limiter = Ratelimit.slidingWindow(COUNTED, '1 s')
  return new Ratelimit({ redis, limiter, ephemeralCache: false, prefix: 'login' })
}
