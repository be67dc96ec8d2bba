import { createNoopMeter, metrics, type Attributes, type Meter } from '@opentelemetry/api'

/** Attributes that name a kind of outcome. What else there is may hold a key, and is not looked at. */
const TELLING = [
  'operation',
  'result',
  'outcome',
  'status',
  'state',
  'reason',
  'error',
  'error.type',
  'errorType',
]
const WORD = /^[a-z][\w. -]{0,39}$/i
const FAILED_NAME = /error|fail|timeout/i
const FAILED_WORD = /error|fail|time[d_ -]*out|short[_ -]?circuit|refused|unavailable|rejected/i
/** Of those that failed. */
const MAX_SERIES = 50

export interface MetricWatch {
  /** Calls back with the name and the outcome of each series that counts failures, when it first grows. */
  listen(onFailure: (series: string) => void): void
  /** From here on each is told once more. */
  renew(): void
}

/**
 * Counts as a collector of OpenTelemetry would, and remembers only that something failed. Instruments belong to the provider that is
 * there when they are made, so this comes before the subject does.
 */
export function watchMetrics(): MetricWatch {
  const told = new Set<string>()
  let tell: (series: string) => void = () => undefined
  const note = (name: string, attributes: Attributes = {}) => {
    const series = failingSeries(name, attributes)
    if (series === null || told.has(series) || told.size >= MAX_SERIES) return
    told.add(series)
    tell(series)
  }
  const meter = Object.assign(Object.create(createNoopMeter()) as Meter, {
    createCounter: (name: string) => ({
      add: (by: number, attributes?: Attributes) => {
        if (by > 0) note(name, attributes)
      },
    }),
    createHistogram: (name: string) => ({
      record: (_: number, attributes?: Attributes) => note(name, attributes),
    }),
  })
  metrics.setGlobalMeterProvider({ getMeter: () => meter })
  return {
    listen: (onFailure) => {
      tell = onFailure
    },
    renew: () => told.clear(),
  }
}

/** Such as `cache.operations.total operation=get result=timeout`; null for what counts no failure. Never a key. */
export function failingSeries(name: string, attributes: Attributes): string | null {
  const words = TELLING.flatMap((attribute) => {
    const value = attributes[attribute]
    return typeof value === 'string' && WORD.test(value) ? [{ attribute, value }] : []
  })
  if (!FAILED_NAME.test(name) && !words.some(({ value }) => FAILED_WORD.test(value))) return null
  return [name, ...words.map(({ attribute, value }) => `${attribute}=${value}`)].join(' ')
}
