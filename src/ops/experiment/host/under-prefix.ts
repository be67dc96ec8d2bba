import { KEY_PREFIX, REHEARSAL_KEY } from '../keys.js'
import type { SubjectCache, SubjectLimiter } from '../subjects/subject.js'

/** Methods of a subject whose first argument is a key. */
const TAKES_KEY: ReadonlySet<PropertyKey> = new Set<keyof SubjectCache>([
  'get',
  'set',
  'del',
  'readThrough',
  'change',
  'ask',
])

/**
 * The same subject, to which every key of the drill, and whoever a limiter is asked about, is called by what is this run's alone;
 * nobody else in the drill knows the difference.
 */
export function underPrefix(cache: SubjectCache, prefix: string): SubjectCache {
  const own = (key: string) => (key.startsWith(KEY_PREFIX) ? prefix + key.slice(KEY_PREFIX.length) : key)
  const limited = (limiter: SubjectLimiter): SubjectLimiter => ({
    ...limiter,
    check: (identifier) => limiter.check(own(identifier)),
  })
  return new Proxy(cache, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      const call = value.bind(target) as (...args: unknown[]) => unknown
      if (name === 'limiters') return () => target.limiters?.().map(limited)
      if (name === 'rehearse') return () => target.rehearse?.(own(REHEARSAL_KEY))
      if (TAKES_KEY.has(name)) return (key: string, ...rest: unknown[]) => call(own(key), ...rest)
      return call
    },
  })
}
