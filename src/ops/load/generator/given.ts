import { nowMs } from './clock.js'

/** Of one family: what the cache has been given, as far as whoever uses it can know. */
export interface Given {
  /** A read begins. */
  read(key: number): Reading
  /** The source is asked for its value; to be called when it has answered. */
  load(key: number): () => void
  /** A put or an invalidation begins. To be called with whether a value was put, without an error, when it has returned. */
  write(key: number): (isStored: boolean) => void
  /** It is there now, and there was no other traffic. */
  stored(key: number): void
}

interface Reading {
  /** The cache answered. */
  hit(): void
  /** The source answered, and the value was stored as far as that was possible. Tells whether it was a fallback. */
  loaded(): boolean
}

/** Some caches answer before they have stored, ours among them: what was given this short a time ago may be on its way. */
const SETTLES_MS = 100
/** Some caches shorten a time to live by up to a tenth, ours among them: what is over then is no fallback. */
const SURE_SHARE = 0.9

/**
 * A miss and a fallback look the same to a caller: the source answers. So it is remembered which keys the cache was given by a
 * load or a put that returned without an error, and for how long; a read of such a key that the source answers is a fallback,
 * whatever the cause.
 *
 * What happens to one key at the same time may end either way: the later of two puts may remove what the earlier has stored, a
 * delete may overtake a load. Then the key counts as not given, and so it does where the cache has never answered anything,
 * as one without a backend. So fallbacks may be too few, and never too many.
 *
 * @param ttlMs for how long the cache keeps it, by its own account
 */
export function createGiven(keys: number, ttlMs: number): Given {
  const sinceMs = new Float64Array(keys)
  const untilMs = new Float64Array(keys)
  /** How often it was unsettled: by the beginning of a write, and by the end of a delete. */
  const unsettled = new Uint32Array(keys)
  const writing = new Uint32Array(keys)
  /** Loads of what had not been given. Those of what had been do no harm: it is an outage that asks for them. */
  const coldLoads = new Uint32Array(keys)
  const coldLoadsBegun = new Uint32Array(keys)
  let hasAnswered = false

  const isGiven = (key: number) => nowMs() < untilMs[key]!
  const give = (key: number) => {
    const now = nowMs()
    // Who gives it once more does not make it younger.
    if (now >= untilMs[key]!) sinceMs[key] = now
    untilMs[key] = now + ttlMs * SURE_SHARE
  }
  const unsettle = (key: number) => {
    untilMs[key] = 0
    return ++unsettled[key]!
  }

  return {
    stored: give,
    read: (key) => {
      const before = unsettled[key]
      const isAlone = writing[key] === 0
      const wasGiven = isGiven(key) && nowMs() > sinceMs[key]! + SETTLES_MS && coldLoads[key] === 0
      return {
        hit: () => {
          hasAnswered = true
        },
        loaded: () => {
          if (!isAlone || unsettled[key] !== before) return false
          give(key)
          return wasGiven && hasAnswered
        },
      }
    },
    load: (key) => {
      if (isGiven(key)) return () => undefined
      coldLoads[key]! += 1
      coldLoadsBegun[key]! += 1
      return () => void (coldLoads[key]! -= 1)
    },
    write: (key) => {
      const isAlone = writing[key] === 0 && coldLoads[key] === 0
      const loadsBefore = coldLoadsBegun[key]
      const own = unsettle(key)
      writing[key]! += 1
      return (isStored) => {
        writing[key]! -= 1
        if (!isStored) unsettle(key)
        else if (isAlone && unsettled[key] === own && coldLoadsBegun[key] === loadsBefore) give(key)
      }
    },
  }
}
