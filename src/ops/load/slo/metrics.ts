import { quantile } from '../../experiment/quantile.js'
import type { TrafficWindow } from '../traffic-window.js'

/** Times and plain numbers do not mix: `during.p99 < 3` could mean anything. */
export type Dimension = 'time' | 'number'

export interface Metric {
  summary: string
  dimension: Dimension
  /** What it is computed from. */
  of: 'operations' | 'reads'
  /** Fewer of them say nothing, and then nothing is judged. */
  needs: number
  /** Infinity for a percentile that lies among the operations that were never answered. */
  value(window: TrafficWindow): number
}

/** Ten observations must lie beyond a percentile, or the next run could show twice or half of it. */
const BEYOND = 10

export function samplesFor(share: number): number {
  return Math.round(BEYOND / (1 - share))
}

/** One in a hundred may be missing: a phase may begin and end between two starts. */
const EDGE = 0.01

export function isEnough(there: number, needs: number): boolean {
  return there > 0 && there >= needs * (1 - EDGE)
}

/** Of 50 reads a hit rate is known to seven points at worst (one standard error). */
const READS = 50

function percentile(share: number): Metric {
  return {
    summary: `${Number((share * 100).toFixed(1))} % of the operations took no longer, counted from when they were due`,
    dimension: 'time',
    of: 'operations',
    needs: samplesFor(share),
    value: ({ latencies }) => quantile(latencies, share) ?? NaN,
  }
}

function count(summary: string, value: (window: TrafficWindow) => number): Metric {
  return { summary, dimension: 'number', of: 'operations', needs: 1, value }
}

export const METRICS = {
  sent: count('operations that were started', ({ sent }) => sent),
  ok: count('operations that were answered without an error', ({ ok }) => ok),
  errors: count('operations that ended in an error', ({ errors }) => errors),
  error_rate: count('errors among the operations, 0 to 1', ({ errors, sent }) => errors / sent),
  pending: count('operations that were never answered', ({ pending }) => pending),
  p50: percentile(0.5),
  p90: percentile(0.9),
  p95: percentile(0.95),
  p99: percentile(0.99),
  p999: percentile(0.999),
  max: {
    summary: 'the slowest operation',
    dimension: 'time',
    of: 'operations',
    needs: 1,
    value: ({ latencies }) => latencies.at(-1) ?? NaN,
  },
  hit_rate: {
    summary: 'hits among the reads that were answered, 0 to 1',
    dimension: 'number',
    of: 'reads',
    needs: READS,
    value: ({ hits, reads }) => hits / reads,
  },
  db_qps: count(
    'reads of the source of truth per second',
    ({ loads, durationMs }) => (loads * 1000) / durationMs,
  ),
} satisfies Record<string, Metric>

export type MetricName = keyof typeof METRICS

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[]

export function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name)
}
