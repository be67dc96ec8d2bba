import { RESERVED_PREFIX } from './tombstone.js'

/**
 * What a loader of `getOrLoad` answers when the source has no such thing. The answer is cached for `negativeTtl`
 * seconds, so that asking for what does not exist costs the source one look and not one per request; callers get null.
 *
 * Only for an answer of the source. A source that failed must reject: an error is never cached.
 */
export const NOT_FOUND: unique symbol = Symbol.for('transparent-cache.not-found')

/** What stands in Redis for it. No JSON text and no tombstone begins with this. */
export const NOT_FOUND_TEXT = `${RESERVED_PREFIX}none`
