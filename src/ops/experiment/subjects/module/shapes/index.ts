import { UsageError } from '../../../../report/errors.js'
import { plainText } from '../../../plain-text.js'
import { methodNames } from '../methods.js'
import { anyLimiter } from './any-limiter.js'
import { bentocache } from './bentocache.js'
import { cacheManager } from './cache-manager.js'
import { keyv } from './keyv.js'
import { plainCache } from './plain-cache.js'
import { rateLimiterFlexible } from './rate-limiter-flexible.js'
import type { Shape } from './shape.js'

/** Every shape that is known; the first that fits is taken, so the more particular ones come first. */
export const shapes: readonly Shape[] = [
  bentocache,
  cacheManager,
  rateLimiterFlexible,
  keyv,
  plainCache,
  anyLimiter,
]

export function findShape(made: object): Shape | undefined {
  return shapes.find((shape) => shape.fits(made))
}

/** @throws UsageError `MODULE_SHAPE` that says what was found and what is needed */
export function shapeOf(made: object, module: string): Shape {
  const shape = findShape(made)
  if (shape) return shape
  const found = methodNames(made)
  throw new UsageError(
    'MODULE_SHAPE',
    `What ${module} gives is neither a cache nor a limiter: it has ${found.length === 0 ? 'no methods' : plainText(`the methods ${found.join(', ')}`)}. A cache has get, set and del, delete or remove; a limiter has check, limit or consume.`,
    [
      'name a factory that returns one, or write one around it: export const createCache = () => ({ get, set, del })',
    ],
  )
}
