import { nowMs } from './clock.js'

/** Of one family: what the cache has been given, as far as whoever uses it can know. */
export interface Given {
  /** A read begins. */
  read(key: number): Reading
  /** The source is asked for its value; to be called when it has answered. */
  load(key: number): () => void
  /** A put or an invalidation begins: what the cache has may be gone from now on. */
  write(key: number): Writing
  /** The value was stored when there was no other traffic. */
  stored(key: number): void
}

interface Reading {
  /** The cache answered. */
  hit(): void
  /** It was answered by the source, and the value was stored if that was possible. Tells whether that was a fallback. */
  loaded(): boolean
}

interface Writing {
  /** A put has returned without an error. */
  stored(): void
  /** An invalidation has returned. */
  cleared(): void
}

/** Some caches shorten a time to live by up to a tenth, ours among them: what is over then is no fallback. */
const SURE_SHARE = 0.9

/**
 * A miss and a fallback look the same to a caller: the source answers. So it is remembered which keys the cache was given by a
 * load or a put that returned without an error, and for how long; a read of such a key that the source answers is a fallback,
 * whatever the cause. Where a write or somebody else's load was under way at the same time nobody can know, and nothing is called
 * one; nor where the cache has never answered anything, as one without a backend.
 *
 * @param ttlMs for how long the cache keeps it, by its own account
 */
export function createGiven(keys: number, ttlMs: number): Given {
  const untilMs = new Float64Array(keys)
  // Counts writes, so that a read can tell whether one came between.
  const writes = new Uint32Array(keys)
  const loading = new Uint32Array(keys)
  let hasAnswered = false
  const give = (key: number) => {
    untilMs[key] = nowMs() + ttlMs * SURE_SHARE
  }
  const clear = (key: number) => {
    untilMs[key] = 0
    return ++writes[key]!
  }
  return {
    stored: give,
    read: (key) => {
      const before = writes[key]
      const wasGiven = loading[key] === 0 && nowMs() < untilMs[key]!
      return {
        hit: () => {
          hasAnswered = true
        },
        loaded: () => {
          if (writes[key] !== before) return false
          give(key)
          return wasGiven && hasAnswered
        },
      }
    },
    load: (key) => {
      loading[key]! += 1
      return () => void (loading[key]! -= 1)
    },
    write: (key) => {
      const own = clear(key)
      return {
        stored: () => {
          if (writes[key] === own) give(key)
        },
        // A load that came between may have been stored before the delete, and be gone.
        cleared: () => void clear(key),
      }
    },
  }
}
