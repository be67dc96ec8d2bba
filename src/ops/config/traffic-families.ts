import { UsageError } from '../report/errors.js'
import type { Settings } from './schema.js'

/** What traffic needs to know of a family. */
interface Declared {
  pattern: { text: string }
  ttlSeconds: number | null
  type: string | null
}

/**
 * The families that are asked for, as they are declared.
 *
 * @param familyNamed throws UsageError for a name that nobody declares
 * @throws UsageError `FAMILY_NOT_CACHED` for one whose keys no `set` writes
 */
export function trafficFamilies(
  chosen: Settings['load']['traffic']['families'],
  familyNamed: (name: string) => Declared,
) {
  return Object.entries(chosen).map(([id, { ttl, ...traffic }]) => {
    const { pattern, ttlSeconds, type } = familyNamed(id)
    if (id === 'ratelimit') {
      throw new UsageError(
        'FAMILY_NOT_CACHED',
        'load.traffic.families: ratelimit is written by limiters alone.',
        ['load.traffic.limiter says how much is asked of them'],
      )
    }
    if (type !== 'string' && type !== null) {
      throw new UsageError(
        'FAMILY_NOT_CACHED',
        `load.traffic.families: ${id} holds ${type}s, and a cache with get and set writes strings.`,
        ['leave it out, or put the app itself under load: -- COMMAND'],
      )
    }
    return { id, pattern: pattern.text, ...traffic, ttlSeconds: ttl === undefined ? ttlSeconds : ttl }
  })
}
