import type { WindowName } from '../window.js'
import type { MetricName } from './metrics.js'
import type { Unit } from './units.js'

export type Comparator = '<' | '<=' | '>' | '>=' | '==' | '!='

/** What is told of a window, such as `during.p99`, or of the moment that belongs to it, such as `after.recover`. */
export interface MetricReference {
  phase: WindowName
  metric: MetricName
}

/** A sum as it was written; a metric always names its phase. */
export type Expression =
  | { type: 'number'; value: number; unit: Unit | null }
  | ({ type: 'metric' } & MetricReference)
  | { type: 'binary'; operator: '+' | '-' | '*' | '/'; left: Expression; right: Expression }
  | { type: 'call'; name: 'min' | 'max'; operands: Expression[] }

/** A promise about a run, such as `during.p99 < before.p99 * 3`; docs/slo.md is its grammar. */
export interface Slo {
  left: Expression
  comparator: Comparator
  right: Expression
  /** Holds from this long after the left side's phase began, second by second; null: the phase as a whole. */
  withinMs: number | null
}

/** Every metric that an expression reads, from left to right. */
export function metricsIn(expression: Expression): MetricReference[] {
  switch (expression.type) {
    case 'number':
      return []
    case 'metric':
      return [expression]
    case 'binary':
      return [...metricsIn(expression.left), ...metricsIn(expression.right)]
    case 'call':
      return expression.operands.flatMap(metricsIn)
  }
}
