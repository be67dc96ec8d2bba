import type { WindowName } from '../window.js'
import { MOMENT_METRICS } from './moment-metrics.js'
import { WINDOW_METRICS } from './window-metrics.js'
import type { Metric } from './metric.js'

const ALL = { ...WINDOW_METRICS, ...MOMENT_METRICS }

export type MetricName = keyof typeof ALL

/** What an SLO can speak of. */
export const METRICS: Readonly<Record<MetricName, Metric>> = ALL

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[]

export function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name)
}

/** Whether it is told of that window. */
export function belongs(name: MetricName, window: WindowName): boolean {
  const metric = METRICS[name]
  return metric.kind === 'window' || metric.phase === window
}
