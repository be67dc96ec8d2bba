import type { Expression, Slo } from './slo.js'

/** The SLO as it is printed: every metric with its phase, no parenthesis too many. `parseSlo` reads it back as the same. */
export function formatSlo({ left, comparator, right, withinMs }: Slo): string {
  const limit =
    withinMs === null
      ? ''
      : ` within ${withinMs % 1000 === 0 ? `${plain(withinMs / 1000)}s` : `${plain(withinMs)}ms`}`
  return `${formatExpression(left)} ${comparator} ${formatExpression(right)}${limit}`
}

export function formatExpression(expression: Expression): string {
  switch (expression.type) {
    case 'number':
      return `${plain(expression.value)}${expression.unit ?? ''}`
    case 'metric':
      return `${expression.phase}.${expression.metric}`
    case 'call':
      return `${expression.name}(${expression.operands.map(formatExpression).join(', ')})`
    case 'binary': {
      const own = RANK[expression.operator]
      const left = parenthesised(expression.left, own)
      // To the right also what ranks the same: a - (b - c).
      const right = parenthesised(expression.right, own + 1)
      return `${left} ${expression.operator} ${right}`
    }
  }
}

const RANK = { '+': 1, '-': 1, '*': 2, '/': 2 }

function parenthesised(expression: Expression, least: number): string {
  const text = formatExpression(expression)
  return expression.type === 'binary' && RANK[expression.operator] < least ? `(${text})` : text
}

/** Never 1e-7, which is no number of the grammar. */
function plain(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
}
