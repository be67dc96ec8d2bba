import type { CheckRecord } from '../limiting.js'
import { describeError } from '../plain-text.js'
import type { SubjectCache, SubjectLimiter } from '../subjects/subject.js'
import type { Parent } from './parent.js'

/** Twice what the subjects' limiters allow, so that there is always something to deny. */
const EVERY_MS = 50
const IDENTIFIER = 'drill'

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
    try {
      const { allowed, counted } = await limiter.check(IDENTIFIER)
      record.allowed = allowed
      record.counted = counted
    } catch (error) {
      record.error = describeError(error)
    }
    record.endMs = nowMs()
    // After the end of the drill it has been reported as pending, and stays that.
    if (pending.delete(record)) settled.push(record)
  }
  const timer = setInterval(() => limiters.forEach((limiter) => void ask(limiter)), EVERY_MS)

  return {
    takeSettled: () => {
      const taken = settled
      settled = []
      return taken
    },
    inFlight: () => pending.size,
    stop: () => clearInterval(timer),
    pending: () => {
      const rest = [...pending]
      pending.clear()
      return rest
    },
  }
}
