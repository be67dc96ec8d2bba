import type { PhaseName } from '../../experiment/measurement.js'
import type { MetricName } from './metrics.js'

export type Comparator = '<' | '<=' | '>' | '>=' | '==' | '!='

/** A sum as it was written; a metric always names its phase. */
export type Expression =
  | { type: 'number'; value: number; unit: 'ms' | 's' | '%' | null }
  | { type: 'metric'; phase: PhaseName; metric: MetricName }
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
export function metricsIn(expression: Expression): { phase: PhaseName; metric: MetricName }[] {
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
