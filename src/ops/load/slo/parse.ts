import { badSlo } from './bad-slo.js'
import { readMetric } from './metric-reference.js'
import { METRICS, type MetricName } from './metrics.js'
import type { Comparator, Expression, Slo } from './slo.js'
import { TokenStream } from './token-stream.js'
import type { Token } from './tokens.js'
import { dimensionOfNumber, scaled, unlike, type Dimension } from './units.js'
import { secondsMayTell } from './within.js'

/** Longer ones are nobody's promise, and every parenthesis costs stack. */
const MAX_LENGTH = 500
const COMPARATORS: readonly string[] = ['<', '<=', '>', '>=', '==', '!='] satisfies Comparator[]

interface Typed {
  node: Expression
  dimension: Dimension
}

/**
 * Reads an SLO; docs/slo.md is the grammar.
 *
 * @throws UsageError `BAD_SLO`, `UNKNOWN_PHASE` or `UNKNOWN_METRIC`, which names the place and what was probably meant
 */
export function parseSlo(slo: string): Slo {
  if (slo.length > MAX_LENGTH) throw badSlo(slo, MAX_LENGTH, `an SLO has at most ${MAX_LENGTH} characters`)
  return new Parser(slo).slo()
}

/** One method per rule of the grammar; times, bytes and numbers are kept apart on the way. */
class Parser {
  readonly #tokens: TokenStream
  /** What a phase without a metric stands for: the metric that is the whole left side. */
  #same: MetricName | undefined

  constructor(slo: string) {
    this.#tokens = new TokenStream(slo)
  }

  slo(): Slo {
    const left = this.#sum()
    const token = this.#tokens.take()
    const comparator = this.#comparator(token)
    if (left.node.type === 'metric') this.#same = left.node.metric
    const right = this.#sum()
    this.#alike(left, right, token, 'compared')
    const withinMs = this.#within(left.node, right.node)
    const rest = this.#tokens.peek()
    if (rest.type !== 'end') this.#tokens.fail(rest, 'this is one word too many')
    return { left: left.node, comparator, right: right.node, withinMs }
  }

  #comparator(token: Token): Comparator {
    if (COMPARATORS.includes(token.text)) return token.text as Comparator
    if (token.text === '=') this.#tokens.fail(token, 'to compare, write ==')
    return this.#tokens.fail(token, `here belongs a comparison: ${COMPARATORS.join(' ')}`)
  }

  #sum(): Typed {
    let left = this.#product()
    for (;;) {
      const token = this.#tokens.peek()
      if (token.text !== '+' && token.text !== '-') return left
      this.#tokens.take()
      const right = this.#product()
      this.#alike(left, right, token, 'added')
      left = { node: binary(token.text, left, right), dimension: left.dimension }
    }
  }

  #product(): Typed {
    let left = this.#value()
    for (;;) {
      const token = this.#tokens.peek()
      if (token.text !== '*' && token.text !== '/') return left
      this.#tokens.take()
      const right = this.#value()
      const dimension = scaled(left.dimension, token.text, right.dimension)
      if (typeof dimension === 'object') return this.#tokens.fail(token, dimension.wrong)
      left = { node: binary(token.text, left, right), dimension }
    }
  }

  #value(): Typed {
    const token = this.#tokens.peek()
    if (token.type === 'number') {
      this.#tokens.take()
      const { value, unit } = token
      return { node: { type: 'number', value, unit }, dimension: dimensionOfNumber(unit) }
    }
    if (token.text === '(') {
      this.#tokens.take()
      const inner = this.#sum()
      this.#tokens.expect(')')
      return inner
    }
    if (token.type !== 'word' || token.text === 'within') {
      this.#tokens.fail(token, 'here belongs a value, such as 20ms or before.p99')
    }
    const isCall = this.#tokens.peek(1).text === '('
    if (isCall && (token.text === 'min' || token.text === 'max')) return this.#call(token.text)
    const { phase, metric } = readMetric(this.#tokens, this.#same)
    return { node: { type: 'metric', phase, metric }, dimension: METRICS[metric].dimension }
  }

  #call(name: 'min' | 'max'): Typed {
    this.#tokens.take()
    const start = this.#tokens.expect('(')
    const first = this.#sum()
    const operands = [first.node]
    while (this.#tokens.peek().text === ',') {
      const comma = this.#tokens.take()
      const operand = this.#sum()
      this.#alike(first, operand, comma, 'compared')
      operands.push(operand.node)
    }
    if (operands.length < 2) this.#tokens.fail(start, `${name} takes two values or more`)
    this.#tokens.expect(')')
    return { node: { type: 'call', name, operands }, dimension: first.dimension }
  }

  #within(left: Expression, right: Expression): number | null {
    const word = this.#tokens.peek()
    if (word.text !== 'within') return null
    this.#tokens.take()
    const token = this.#tokens.take()
    if (token.type !== 'number' || (token.unit !== 's' && token.unit !== 'ms')) {
      return this.#tokens.fail(token, 'here belongs a time, such as 10s')
    }
    const ms = token.unit === 's' ? token.value * 1000 : token.value
    if (ms < 1000) this.#tokens.fail(token, 'it is looked at second by second, so 1s is the least')
    const wrong = secondsMayTell(left, right)
    if (wrong !== null) this.#tokens.fail(word, wrong)
    return ms
  }

  #alike(left: Typed, right: Typed, at: Token, verb: string): void {
    if (left.dimension === right.dimension) return
    this.#tokens.fail(at, unlike(left.dimension, right.dimension, verb))
  }
}

function binary(operator: '+' | '-' | '*' | '/', left: Typed, right: Typed): Expression {
  return { type: 'binary', operator, left: left.node, right: right.node }
}
