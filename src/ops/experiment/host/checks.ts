import { KEY_PREFIX } from '../keys.js'
import type { CheckRecord, LimiterDeclaration } from '../limiting.js'
import { describeError } from '../plain-text.js'
import type { SubjectCache, SubjectLimiter } from '../subjects/subject.js'
import type { Parent } from './parent.js'

/** So many times what a limiter allows, so that there is always something to deny. */
const EXCESS = 2
/** Two hundred a second at most: more would measure this machine. */
const SHORTEST_MS = 5
/** Often enough to see what becomes of a limiter that allows little. */
const LONGEST_MS = 50

export interface Checks {
  /** Those that have settled since the last call. */
  takeSettled(): CheckRecord[]
  inFlight(): number
  /** Starts nothing new. */
  stop(): void
  /** Those that have not settled, as they stand now. */
  pending(): CheckRecord[]
}

/**
 * Asks every limiter of the subject about one identifier, over and over, whatever became of earlier checks. The limiters
 * end with the process. Undefined when the subject has none.
 */
export function startChecks(
  cache: SubjectCache,
  parent: Pick<Parent, 'send'>,
  nowMs: () => number,
): Checks | undefined {
  const limiters = cache.limiters?.() ?? []
  if (limiters.length === 0) return undefined
  const declarations = limiters.map(({ name, limit, windowMs, onUnavailable }) => {
    return { name, limit, windowMs, onUnavailable }
  })
  parent.send({ type: 'limiters', limiters: declarations })
  const pending = new Set<CheckRecord>()
  let settled: CheckRecord[] = []

  const ask = async (limiter: SubjectLimiter) => {
    const record: CheckRecord = {
      limiter: limiter.name,
      startMs: nowMs(),
      endMs: null,
      error: null,
      allowed: null,
      counted: true,
    }
    pending.add(record)
    // cache-audit-ignore R6: what escapes the subject is what the drill counts
    try {
      const { allowed, counted } = await limiter.check(KEY_PREFIX)
      record.allowed = allowed
      record.counted = counted
    } catch (error) {
      record.error = describeError(error)
    }
    record.endMs = nowMs()
    // After the end of the drill it has been reported as pending, and stays that.
    if (pending.delete(record)) settled.push(record)
  }
  const timers = limiters.map((limiter) => setInterval(() => void ask(limiter), everyMs(limiter)))

  return {
    takeSettled: () => {
      const taken = settled
      settled = []
      return taken
    },
    inFlight: () => pending.size,
    stop: () => timers.forEach(clearInterval),
    pending: () => {
      const rest = [...pending]
      pending.clear()
      return rest
    },
  }
}

/** How often a limiter is asked, in whole ms. */
export function everyMs({ limit, windowMs }: Pick<LimiterDeclaration, 'limit' | 'windowMs'>): number {
  return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, Math.floor(windowMs / (EXCESS * limit))))
}
