import type { PhaseName } from '../../experiment/measurement.js'
import type { TrafficWindow } from '../traffic-window.js'
import { isEnough, METRICS, type Metric } from './metrics.js'
import { metricsIn, type Expression } from './slo.js'

/** A number (times in milliseconds), or why there is none. Infinity: the percentile lies among the unanswered. */
export type Value = { value: number } | { unknown: string }

/** What an expression is worth; `windowOf` says what is known of a phase. */
export function valueOf(expression: Expression, windowOf: (phase: PhaseName) => TrafficWindow): Value {
  let never = false
  for (const { phase, metric } of metricsIn(expression)) {
    const window = windowOf(phase)
    const reason = tooFew(METRICS[metric], window)
    if (reason !== null) return { unknown: `${phase}.${metric} ${reason}` }
    never ||= METRICS[metric].value(window) === Infinity
  }
  const value = compute(expression, windowOf)
  // Whatever is computed with an endless wait, such as 5 ms / never = 0, is an accident.
  if (Number.isNaN(value) || (never && Number.isFinite(value))) {
    return { unknown: never ? 'it computes with an operation that was never answered' : 'it divides by zero' }
  }
  return !never && !Number.isFinite(value) ? { unknown: 'it divides by zero' } : { value }
}

function tooFew({ needs, of }: Metric, window: TrafficWindow): string | null {
  const there = of === 'reads' ? window.reads : window.sent
  if (isEnough(there, needs)) return null
  return `needs ${grouped(needs)} ${of === 'reads' ? 'answered reads' : `operation${needs === 1 ? '' : 's'}`}, there were ${grouped(there)}`
}

function compute(expression: Expression, windowOf: (phase: PhaseName) => TrafficWindow): number {
  switch (expression.type) {
    case 'number':
      return expression.value * { ms: 1, s: 1000, '%': 0.01, '': 1 }[expression.unit ?? '']
    case 'metric':
      return (METRICS[expression.metric] as Metric).value(windowOf(expression.phase))
    case 'call':
      return Math[expression.name](...expression.operands.map((operand) => compute(operand, windowOf)))
    case 'binary': {
      const left = compute(expression.left, windowOf)
      const right = compute(expression.right, windowOf)
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
