/** When a fault was there, by the wall clock, in ISO 8601; null: the run ended before it came, or before it went. */
export interface FaultSpan {
  beganAt: string
  faultAt: string | null
  healAt: string | null
}

export interface FaultSpans {
  /** The phase that begins now. Whatever comes before `before` is of no span. */
  phase(name: string): void
  /** One for each drill, or run of a load test, in their order. */
  readonly spans: readonly FaultSpan[]
}

/** Notes when phases begin, which a report does not tell: its times are those since the first instant of `before`. */
export function watchFaultSpans(now: () => Date = () => new Date()): FaultSpans {
  const spans: FaultSpan[] = []
  return {
    spans,
    phase: (name) => {
      const at = now().toISOString()
      const last = spans.at(-1)
      if (name === 'before') spans.push({ beganAt: at, faultAt: null, healAt: null })
      else if (last && name === 'during') last.faultAt = at
      else if (last && name === 'after') last.healAt = at
    },
  }
}
