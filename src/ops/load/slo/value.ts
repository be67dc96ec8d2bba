import { metricsIn, type Expression, type MetricReference } from './slo.js'
import { UNITS } from './units.js'

/** A number (in milliseconds or bytes where it is one of those), or why there is none. Infinity: it never came. */
export type Value = { value: number } | { unknown: string }

/** What an expression is worth; `valueOfMetric` says what is known. */
export function valueOf(expression: Expression, valueOfMetric: (metric: MetricReference) => Value): Value {
  let never = false
  for (const metric of metricsIn(expression)) {
    const value = valueOfMetric(metric)
    if ('unknown' in value) return value
    never ||= value.value === Infinity
  }
  const value = compute(expression, (metric) => {
    const known = valueOfMetric(metric)
    return 'unknown' in known ? NaN : known.value
  })
  // Whatever is computed with an endless wait, such as 5 ms / never = 0, is an accident.
  if (never && value !== Infinity) return { unknown: 'it computes with a time that never ended' }
  return never || Number.isFinite(value) ? { value } : { unknown: 'it divides by zero' }
}

function compute(expression: Expression, valueOfMetric: (metric: MetricReference) => number): number {
  switch (expression.type) {
    case 'number':
      return expression.unit === null ? expression.value : expression.value * UNITS[expression.unit].factor
    case 'metric':
      return valueOfMetric(expression)
    case 'call':
      return Math[expression.name](...expression.operands.map((each) => compute(each, valueOfMetric)))
    case 'binary': {
      const left = compute(expression.left, valueOfMetric)
      const right = compute(expression.right, valueOfMetric)
      switch (expression.operator) {
        case '+':
          return left + right
        case '-':
          return left - right
        case '*':
          return left * right
        case '/':
          return left / right
      }
    }
  }
}

/** `1,000`, as everything else prints it. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}
