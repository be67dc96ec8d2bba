import { burstOf, EAGER } from '../identifiers.js'
import type { CheckRecord, LimiterDeclaration } from '../limiting.js'
import { describeError } from '../plain-text.js'
import type { SubjectCache, SubjectLimiter } from '../subjects/subject.js'
import { askingsOf, BURST_CYCLE, isModest } from './askings.js'
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
 * Asks every limiter of the subject about one identifier, over and over, whatever became of earlier checks; less often about
 * some who keep within the limit, and in bursts about others. The limiters end with the process. Undefined when the subject has none.
 */
export function startChecks(
  cache: SubjectCache,
  parent: Pick<Parent, 'send'>,
  nowMs: () => number,
  duringMs: number,
): Checks | undefined {
  const limiters = cache.limiters?.() ?? []
  if (limiters.length === 0) return undefined
  const declarations = limiters.map(({ name, limit, windowMs, onUnavailable }) => {
    return { name, limit, windowMs, onUnavailable }
  })
  parent.send({ type: 'limiters', limiters: declarations })
  const pending = new Set<CheckRecord>()
  let settled: CheckRecord[] = []

  const ask = async (limiter: SubjectLimiter, identifier = EAGER) => {
    const record: CheckRecord = {
      limiter: limiter.name,
      ...(identifier !== EAGER && { identifier }),
      startMs: nowMs(),
      endMs: null,
      error: null,
      allowed: null,
      counted: true,
    }
    pending.add(record)
    // cache-audit-ignore R6: what escapes the subject is what the drill counts
    try {
      const { allowed, counted } = await limiter.check(identifier)
      record.allowed = allowed
      record.counted = counted
    } catch (error) {
      record.error = describeError(error)
    }
    record.endMs = nowMs()
    // After the end of the drill it has been reported as pending, and stays that.
    if (pending.delete(record)) settled.push(record)
  }
  const timers = new Set<NodeJS.Timeout>()
  const repeat = (ms: number, what: () => void) => timers.add(setInterval(what, ms))
  const later = (ms: number, what: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      what()
    }, ms)
    timers.add(timer)
  }
  const burst = (limiter: SubjectLimiter, cycle: number) => {
    const { limit, windowMs } = limiter
    const identifier = burstOf(cycle)
    void ask(limiter, identifier)
    for (const share of BURST_CYCLE.bursts)
      later(share * windowMs, () => {
        for (let count = 0; count < limit; count++) void ask(limiter, identifier)
      })
    later(BURST_CYCLE.next * windowMs, () => burst(limiter, cycle + 1))
  }
  for (const limiter of limiters) {
    repeat(everyMs(limiter), () => void ask(limiter))
    if (!isModest(limiter)) continue
    for (const { identifier, everyMs: ms } of askingsOf(limiter, duringMs))
      repeat(ms, () => void ask(limiter, identifier))
    burst(limiter, 1)
  }

  return {
    takeSettled: () => {
      const taken = settled
      settled = []
      return taken
    },
    inFlight: () => pending.size,
    stop: () => timers.forEach(clearTimeout),
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
