import { limiterAlone } from '../limiter-alone.js'
import { hasMethods } from '../methods.js'
import type { Shape } from './shape.js'

/** rate-limiter-flexible: `consume` rejects with a result, which is no Error, when it denies. Points and duration are its own. */
export const rateLimiterFlexible: Shape = {
  name: 'rate-limiter-flexible',
  relied: ['consume'],
  fits: (made) => hasMethods(made, 'consume', 'penalty', 'reward', 'block') && 'points' in made,
  adapt(made, reference) {
    const check = async (identifier: string) => {
      try {
        await made['consume']?.(identifier)
        return { allowed: true, counted: true }
      } catch (denial) {
        if (!isDenial(denial)) throw denial
        return { allowed: false, counted: true }
      }
    }
    const { points, duration } = made as { points?: unknown; duration?: unknown }
    const itself =
      isPositive(points) && isPositive(duration) ? { limit: points, windowMs: duration * 1000 } : {}
    return limiterAlone(made, rateLimiterFlexible.relied, reference, check, itself)
  },
}

function isDenial(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'msBeforeNext' in thrown
  )
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
