import { KEY_PREFIX } from '../../experiment/keys.js'
import type { Random } from '../../experiment/random.js'
import type { SubjectLimiter } from '../../experiment/subjects/subject.js'
import { countAdmissions } from './admissions.js'
import { nowMs } from './clock.js'
import { OUTCOME, outcomeOf } from './outcome.js'
import type { Call } from './performer.js'
import type { LimiterTraffic } from './traffic.js'
import { zipf } from './zipf.js'

/** Asks limiters in turn, and counts for itself what each has let through. */
export function limiterTraffic(
  limiters: readonly SubjectLimiter[],
  { identifiers, skew }: Pick<LimiterTraffic, 'identifiers' | 'skew'>,
  random: Random,
): () => Call {
  const draw = zipf(identifiers, skew, random)
  const asked = limiters.map((limiter, part) => ({
    limiter,
    outcome: outcomeOf('check', part),
    admissions: countAdmissions(limiter),
  }))
  let turn = 0
  return () => {
    const { limiter, outcome, admissions } = asked[turn++ % asked.length]!
    const identifier = draw()
    return {
      outcome,
      start: async () => {
        const beginMs = nowMs()
        try {
          const { allowed, counted } = await limiter.check(`${KEY_PREFIX}:caller:${identifier}`)
          const how = outcome | (counted ? 0 : OUTCOME.uncounted)
          if (!allowed) return how | OUTCOME.denied
          return admissions.admitted(identifier, beginMs, nowMs()) ? how | OUTCOME.overAdmitted : how
        } catch {
          return outcome | OUTCOME.error
        }
      },
    }
  }
}
