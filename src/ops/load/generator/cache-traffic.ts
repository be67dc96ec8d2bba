import type { SubjectCache } from '../../experiment/subjects/subject.js'
import { createGiven } from './given.js'
import { OUTCOME, outcomeOf } from './outcome.js'
import type { Call } from './performer.js'
import type { Source } from './source.js'
import type { TrafficKeys } from './traffic-keys.js'

/** What an application does around its cache with the keys of one family, and what its caller would see of it. */
export interface CacheTraffic {
  call(asked: 'read' | 'put' | 'invalidate', number: number): Call
  /** Reads the key when there is no other traffic, and stores it where it is missing. Whether the cache had it. */
  warm(number: number): Promise<boolean>
}

interface CacheTrafficOptions {
  cache: SubjectCache
  keys: TrafficKeys
  source: Source
  /** Index of the family. */
  part: number
  ttlSeconds: number | undefined
  /** For how long the cache keeps what it is given. */
  ttlMs: number
}

export function cacheTraffic({
  cache,
  keys,
  source,
  part,
  ttlSeconds,
  ttlMs,
}: CacheTrafficOptions): CacheTraffic {
  const given = createGiven(keys.count, ttlMs)
  const load = async (number: number) => {
    const ended = given.load(number)
    const version = await source.load()
    ended()
    return keys.value(number, version)
  }

  const read = async (number: number): Promise<number> => {
    const key = keys.name(number)
    const reading = given.read(number)
    if (!cache.readThrough) {
      if ((await cache.get(key)) !== null) {
        reading.hit()
        return OUTCOME.hit
      }
      await cache.set(key, await load(number), ttlSeconds)
      return OUTCOME.loaded | (reading.loaded() ? OUTCOME.fallback : 0)
    }
    const { value, loaded, denied } = await cache.readThrough(key, () => load(number), ttlSeconds)
    // Who may not have it is told so by the source or by the cache, and nothing is stored for that.
    if (denied) return loaded ? OUTCOME.loaded : OUTCOME.hit
    if (loaded) return OUTCOME.loaded | (reading.loaded() ? OUTCOME.fallback : 0)
    if (value === null) return 0
    reading.hit()
    return OUTCOME.hit
  }

  const write = async (asked: 'put' | 'invalidate', number: number): Promise<number> => {
    const key = keys.name(number)
    const ended = given.write(number)
    let isStored = false
    try {
      if (cache.change) await cache.change(key)
      else {
        const version = await source.commit()
        if (asked === 'invalidate') await cache.del(key)
        else await cache.set(key, keys.value(number, version), ttlSeconds)
        isStored = asked === 'put'
      }
    } finally {
      ended(isStored)
    }
    return 0
  }

  return {
    call: (asked, number) => {
      const outcome = outcomeOf(asked, part)
      const perform = () => (asked === 'read' ? read(number) : write(asked, number))
      return {
        outcome,
        start: async () => {
          try {
            return outcome | (await perform())
          } catch {
            return outcome | OUTCOME.error
          }
        },
      }
    },
    warm: async (number) => {
      const key = keys.name(number)
      const reading = given.read(number)
      try {
        const isThere = (await cache.get(key)) !== null
        if (isThere) reading.hit()
        else if (!cache.change) await cache.set(key, await load(number), ttlSeconds)
        given.stored(number)
        return isThere
      } catch {
        // cache-audit-ignore R9: it is as cold as before; under load its callers get that error, and it is counted
        return false
      }
    },
  }
}
