import { UsageError } from '../../../../report/errors.js'
import type { Methods } from '../methods.js'
import { hasMethods } from '../methods.js'
import { limiterAlone } from '../limiter-alone.js'
import type { Shape } from './shape.js'

/** `limit` first: it says more than `check` where there are both, as in our limiter. */
const ASKING = ['limit', 'check', 'consume'] as const
/** What an answer calls it that a request may pass. */
const ALLOWING = ['allowed', 'success', 'ok', 'isAllowed'] as const

/** Ours, that of `@upstash/ratelimit`, and what an application writes: asked by an identifier, it answers whether to go on. */
export const anyLimiter: Shape = {
  name: 'limit/check/consume',
  relied: [],
  fits: (made) => ASKING.some((name) => hasMethods(made, name)),
  adapt(made, reference) {
    const asking = ASKING.find((name) => hasMethods(made, name)) ?? 'check'
    const check = async (identifier: string) => read(await made[asking]?.(identifier), reference.name, asking)
    return limiterAlone(made, [asking], reference, check, ofItself(made))
  },
}

function read(answer: unknown, module: string, asking: string): { allowed: boolean; counted: boolean } {
  if (typeof answer === 'boolean') return { allowed: answer, counted: true }
  if (typeof answer === 'object' && answer !== null) {
    const { reason, ...rest } = answer as Record<string, unknown>
    const name = ALLOWING.find((each) => typeof rest[each] === 'boolean')
    // Ours says `unavailable`, `@upstash/ratelimit` says `timeout`, when it could not count.
    if (name)
      return { allowed: rest[name] === true, counted: reason !== 'unavailable' && reason !== 'timeout' }
  }
  throw new UsageError(
    'MODULE_LIMITER_ANSWER',
    `${asking} of ${module} answers neither a boolean nor an object with ${ALLOWING.join(', ')}, so nobody can tell whether it allows.`,
  )
}

/** As far as it says. */
function ofItself(made: Methods): { limit?: number; windowMs?: number } {
  const { windowMs } = made as { windowMs?: unknown }
  const own = (made as { limit?: unknown }).limit
  return {
    ...(typeof own === 'number' && { limit: own }),
    ...(typeof windowMs === 'number' && { windowMs }),
  }
}
