import { quantileOf, type Window } from '../window.js'
import type { Sight, WindowMetric } from './metric.js'
import { READS, samplesFor } from './samples.js'
import type { Dimension } from './units.js'

const told = { kind: 'window', of: 'operations', needs: 1 } as const

function count(summary: string, value: (window: Window) => number): WindowMetric {
  return { ...told, summary, dimension: 'number', value }
}

function share(summary: string, value: (window: Window) => number): WindowMetric {
  return { ...count(summary, value), share: true }
}

function percentile(of: number): WindowMetric {
  return {
    ...told,
    summary: `${Number((of * 100).toFixed(1))} % of the operations took no longer, counted from when they were due`,
    dimension: 'time',
    needs: samplesFor(of),
    value: (window) => quantileOf(window, of),
  }
}

function ofReads(summary: string, pick: (window: Window) => number): WindowMetric {
  const value = (window: Window) => pick(window) / window.reads
  return { ...share(summary, value), of: 'reads', needs: READS, sees: 'hits' }
}

function used(
  summary: string,
  dimension: Dimension,
  sees: Sight,
  value: (window: Window) => number | null,
): WindowMetric {
  return { ...told, summary, dimension, sees, value }
}

const max: WindowMetric = {
  ...told,
  summary: 'the slowest operation',
  dimension: 'time',
  value: (window) => quantileOf(window, 1),
}

const perSecond = (count: number, { durationMs }: Window) => (count * 1000) / durationMs
const perOperation = (used: number | null, { sent }: Window) => (used === null ? null : used / sent)

/** What is told of every window. */
export const WINDOW_METRICS = {
  sent: count('operations that were started', ({ sent }) => sent),
  ok: count('operations that were answered without an error, and not denied', ({ ok }) => ok),
  errors: count('operations that ended in an error', ({ errors }) => errors),
  error_rate: share('errors among the operations, 0 to 1', ({ errors, sent }) => errors / sent),
  server_errors: count('errors that an app answered with 5xx', ({ serverErrors }) => serverErrors),
  denied: count('operations that a limiter turned away, or an app with 429', ({ denied }) => denied),
  denied_rate: share('denied among the operations, 0 to 1', ({ denied, sent }) => denied / sent),
  pending: count('operations that were never answered', ({ pending }) => pending),
  unstarted: count('operations that the generator could not start', ({ unstarted }) => unstarted),
  rate: count('operations that were answered per second', (window) =>
    perSecond(window.latency.count, window),
  ),
  p50: percentile(0.5),
  p90: percentile(0.9),
  p95: percentile(0.95),
  p99: percentile(0.99),
  p999: percentile(0.999),
  max,
  worst: { ...max, summary: 'the same as max' },
  hit_rate: ofReads('hits among the reads that were answered, 0 to 1', ({ hits }) => hits),
  fallback_rate: ofReads(
    'reads that the source answered although the cache had been given the value, among those answered, 0 to 1',
    ({ fallbacks }) => fallbacks,
  ),
  over_admitted: {
    ...count('questions that a limiter let through above its limit', ({ overAdmitted }) => overAdmitted),
    of: 'checks',
  },
  uncounted_rate: {
    ...share(
      'questions that a limiter decided without counting, 0 to 1',
      (each) => each.uncounted / each.checks,
    ),
    of: 'checks',
  },
  db_qps: used('reads of the source of truth per second', 'number', 'loads', (window) =>
    perSecond(window.loads, window),
  ),
  rss: used('most memory its processes held', 'bytes', 'processes', ({ rssMaxBytes }) => rssMaxBytes),
  cpu_per_op: used('processor time for each operation', 'time', 'processes', (window) =>
    perOperation(window.cpuMs, window),
  ),
  log_bytes_per_op: used('bytes printed for each operation', 'bytes', 'processes', (window) =>
    perOperation(window.printedBytes, window),
  ),
} satisfies Record<string, WindowMetric>
