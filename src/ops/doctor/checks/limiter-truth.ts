import { createRateLimiter } from '../../../library/rate-limit/create-rate-limiter.js'
import type { RateLimitDecision } from '../../../library/rate-limit/transparent-rate-limiter.js'
import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { inWords } from '../in-words.js'
import { reasonOf } from '../refused-write.js'

const BUCKET = 'cache-doctor'
const LIMIT = 5
/** Long enough that a slow server does not let the first requests out of the window. */
const WINDOW_MS = 30_000
const DEADLINE_MS = 1000
const RIGHTS = '+eval +evalsha +script|load +time +get +set +del'

export const limiterTruthCheck: ServerCheck = {
  on: 'server',
  id: 'LIM-001',
  group: 'failover',
  title: 'the limiter limits',
  unit: 'ms per check',
  threshold: {
    warn: 50,
    fail: null,
    source:
      'ours; it fails when request N+1 is allowed (measured on Redis 7.0.15; koala73/worldmonitor#8356)',
  },
  deadlineMs: 6000,
  privileges: `${RIGHTS} ~copilot:ratelimit:cache-doctor:*`,
  writes: true,
  async run(_client, world, { warn }) {
    const { backend } = world.rateLimit
    if (backend?.backend !== 'redis')
      return { status: 'skip', message: 'the limiter has no Redis server to count in' }
    const limiter = createRateLimiter(backend, {
      name: BUCKET,
      limit: LIMIT,
      windowMs: WINDOW_MS,
      deadlineMs: DEADLINE_MS,
      selfCheck: false,
    })
    const identifier = world.scratchPrefix
    try {
      const begun = performance.now()
      const decisions: RateLimitDecision[] = []
      let cause: string | null = null
      while (decisions.length <= LIMIT && !world.signal.aborted) {
        decisions.push(await limiter.limit(identifier))
        // The first tells why; what follows may only be its consequence.
        cause ??= limiter.getStatus().cause
      }
      const ms = (performance.now() - begun) / decisions.length
      const uncounted = decisions.filter(({ reason }) => reason === 'unavailable').length
      if (uncounted > 0) return notCounted(uncounted, decisions.length, cause, ms)
      return judge(decisions, ms, warn)
    } finally {
      await limiter.reset(identifier)
      await limiter.close()
    }
  },
}

function judge(decisions: readonly RateLimitDecision[], ms: number, warn: number | null): Finding {
  const denied = decisions.map(({ allowed }) => !allowed)
  if (denied.indexOf(true) !== LIMIT) {
    const first = denied.indexOf(true)
    const when = first === -1 ? `allowed all ${decisions.length}` : `denied request ${first + 1} already`
    const text = 'Ask again; if it stays so, something between here and Redis answers in its place.'
    return { status: 'FAIL', message: `a limit of ${LIMIT} ${when}`, value: ms, remediation: { text } }
  }
  const message = `request ${LIMIT + 1} of a limit of ${LIMIT} was denied, ${inWords.time(ms)} per check`
  if (warn === null || ms <= warn) return { status: 'ok', message, value: ms }
  const text = 'Every request that is limited pays it: see whose time it is (LAT-001).'
  return { status: 'warn', message, value: ms, remediation: { text } }
}

const LOOK = 'Look at WRI-002, and at the round trip (LAT-001).'
const UNUSUAL =
  'See that it has EVAL, EVALSHA and SCRIPT, and INFO, for which a client of ioredis asks before anything else.'

/** @param cause the kind of the first failure, as the limiter's own status has it */
function notCounted(uncounted: number, of: number, cause: string | null, ms: number): Finding {
  const reason = reasonOf(cause ?? '')
  const why = cause === 'CLOCK_UNKNOWN' ? 'the server does not tell its time' : (reason?.why ?? `of ${cause}`)
  const mayNot = cause === 'NOPERM' || cause === 'CLOCK_UNKNOWN'
  return {
    status: 'FAIL',
    message: `${uncounted} of ${of} requests were not counted, because ${why}: with fail-open nobody is limited`,
    value: ms,
    remediation: mayNot
      ? { text: `Allow the user of the application what a limiter needs: ${RIGHTS}.` }
      : {
          text: reason?.text ?? (cause === 'ERR' ? UNUSUAL : LOOK),
          commands: reason?.commands,
        },
  }
}
