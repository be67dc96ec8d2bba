/**
 * When a fault was there, by the wall clock, in ISO 8601; null: the run ended before its traffic began, before the fault came, or
 * before it went.
 */
export interface FaultSpan {
  beganAt: string | null
  faultAt: string | null
  healAt: string | null
}

/** What is heard of a run: that its next drill begins, or that a phase does; anything else is of no matter. */
export interface RunEvent {
  type: string
  /** `before`, `during` and `after`; whatever comes before `before` is of no span. */
  phase?: string
}

export interface FaultSpans {
  hear(event: RunEvent): void
  /** One for each drill, or for each run of a load test that had traffic, in their order. */
  readonly spans: readonly FaultSpan[]
}

/** Notes when phases begin, which a report does not tell: its times are those since the first instant of `before`. */
export function watchFaultSpans(now: () => Date = () => new Date()): FaultSpans {
  const spans: FaultSpan[] = []
  return {
    spans,
    hear: ({ type, phase }) => {
      const at = now().toISOString()
      // A drill that is never ready has no phase, and is in the report all the same.
      if (type === 'drill') spans.push({ beganAt: null, faultAt: null, healAt: null })
      if (type !== 'phase') return
      const last = spans.at(-1)
      if (phase === 'before') {
        if (last?.beganAt === null) last.beganAt = at
        else spans.push({ beganAt: at, faultAt: null, healAt: null })
      } else if (last && phase === 'during') last.faultAt = at
      else if (last && phase === 'after') last.healAt = at
    },
  }
}
