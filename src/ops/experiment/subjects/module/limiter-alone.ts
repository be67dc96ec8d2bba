import type { DeclaredLimit } from '../../limiting.js'
import { REHEARSAL_KEY } from '../../keys.js'
import type { SubjectCache, SubjectLimiter } from '../subject.js'
import { close } from './close.js'
import type { Methods } from './methods.js'
import type { ModuleReference } from './module-reference.js'
import { patiently } from './rehearse.js'

type Check = SubjectLimiter['check']

/**
 * A limiter in the place of a cache: every operation of the traffic asks it about an identifier of its own.
 *
 * What is declared goes before what the limiter says of itself; where neither says how much it allows, it is asked all the
 * same, and only what it allows cannot be judged.
 */
export function limiterAlone(
  made: Methods,
  relied: readonly string[],
  { name, declared }: ModuleReference,
  check: Check,
  itself: Partial<DeclaredLimit> = {},
): SubjectCache {
  const { limit, windowMs, onUnavailable = 'allow' } = { ...itself, ...declared }
  const isDeclared = limit !== undefined && windowMs !== undefined
  const limiter = isDeclared ? { name, limit, windowMs, onUnavailable, check } : undefined
  return {
    wrapped: made,
    relied,
    limiterAlone: {
      undeclared: isDeclared
        ? null
        : `nobody has said what ${name} allows; --limit 20/1s --on-unavailable allow does, as does limiters in the project file`,
    },
    ask: async (key) => void (await check(key)),
    rehearse: (key = REHEARSAL_KEY) =>
      patiently(name, (step) => step(relied[0] ?? 'check', () => check(key)).then(() => true)),
    limiters: () => (limiter ? [limiter] : []),
    get: () => Promise.resolve(true),
    set: () => Promise.resolve(),
    del: () => Promise.resolve(),
    close: () => close(made),
  }
}
