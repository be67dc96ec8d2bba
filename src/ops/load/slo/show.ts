import { timeText } from '../time-text.js'
import { METRICS } from './metrics.js'
import type { Expression } from './slo.js'
import { dimensionOfNumber, scaled, type Dimension } from './units.js'
import { grouped } from './value.js'

/** Numbers as the reader of an expression expects them: `4 ms`, `12.5 MB`, `90 %`, `1,000`, `never`. */
export function showerOf(expression: Expression): (value: number) => string {
  if (expression.type === 'metric' && METRICS[expression.metric].share) {
    return (value) => `${Number((value * 100).toFixed(1))} %`
  }
  const dimension = dimensionOf(expression)
  if (dimension === 'time') return timeText
  const text = dimension === 'bytes' ? bytesText : numberText
  return (value) => (value === Infinity ? 'never' : text(value))
}

/** To the digit in which two numbers differ that are shown alike. */
export function exactly(expression: Expression): (value: number) => string {
  const unit = { time: ' ms', bytes: ' B', number: '' }[dimensionOf(expression)]
  return (value) => `${Number(value.toFixed(6))}${unit}`
}

function numberText(value: number): string {
  return Number.isInteger(value) ? grouped(value) : grouped(Number(value.toFixed(value < 100 ? 2 : 0)))
}

const STEP = 1000

/** In powers of a thousand, as its units are read. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let value = bytes
  while (Math.abs(value) >= STEP && units.length > 1) {
    value /= STEP
    units.shift()
  }
  return `${Number(value.toFixed(value < 100 ? 1 : 0))} ${units[0]}`
}

function dimensionOf(expression: Expression): Dimension {
  switch (expression.type) {
    case 'number':
      return dimensionOfNumber(expression.unit)
    case 'metric':
      return METRICS[expression.metric].dimension
    case 'call':
      return dimensionOf(expression.operands[0]!)
    case 'binary': {
      const [left, right] = [dimensionOf(expression.left), dimensionOf(expression.right)]
      if (expression.operator === '+' || expression.operator === '-') return left
      const product = scaled(left, expression.operator, right)
      return typeof product === 'object' ? 'number' : product
    }
  }
}
