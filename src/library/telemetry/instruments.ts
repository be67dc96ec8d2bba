import { metrics, type Counter, type Histogram } from '@opentelemetry/api'
import type { LibraryEvent } from '../kernel/events.js'

interface Instruments {
  cacheOperations: Counter
  cacheDuration: Histogram
  cacheErrors: Counter
  limiterChecks: Counter
  limiterDuration: Histogram
  limiterErrors: Counter
}

const FAILED = new Set(['error', 'timeout', 'short_circuit', 'refused', 'invalid'])

let instruments: Instruments | null = null

/**
 * Counts every operation exactly once, under the names of canonical §6.3. Durations are in milliseconds. Labels are
 * results, backends and kinds of error; never a key, a value, an identifier or a credential.
 */
export function recordMetrics(event: LibraryEvent): void {
  if (event.type === 'operation') {
    const { cacheOperations, cacheDuration, cacheErrors } = (instruments ??= create())
    const { operation, result, backend, errorType } = event
    const labels = { operation, result, backend }
    cacheOperations.add(1, labels)
    cacheDuration.record(event.durationMs, labels)
    if (FAILED.has(result)) cacheErrors.add(1, { operation, backend, errorType: errorType ?? 'unknown' })
  } else if (event.type === 'check') {
    const { limiterChecks, limiterDuration, limiterErrors } = (instruments ??= create())
    const { result, backend, errorType } = event
    limiterChecks.add(1, { result, backend })
    limiterDuration.record(event.durationMs, { result, backend })
    if (errorType !== null) limiterErrors.add(1, { backend, errorType })
  }
}

// Made with the first event, because an application sets its meter provider after its imports.
function create(): Instruments {
  const meter = metrics.getMeter('transparent-cache')
  return {
    cacheOperations: meter.createCounter('cache.operations.total'),
    cacheDuration: meter.createHistogram('cache.operation.duration', { unit: 'ms' }),
    cacheErrors: meter.createCounter('cache.errors.total'),
    limiterChecks: meter.createCounter('ratelimiter.checks.total'),
    limiterDuration: meter.createHistogram('ratelimiter.check.duration', { unit: 'ms' }),
    limiterErrors: meter.createCounter('ratelimiter.errors.total'),
  }
}
