import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatExpression } from '../../../../src/ops/load/slo/format.js'
import { judgeSlo } from '../../../../src/ops/load/slo/judge-slo.js'
import type { Observed } from '../../../../src/ops/load/slo/observed.js'
import { parseSlo } from '../../../../src/ops/load/slo/parse.js'
import type { Comparator, Expression } from '../../../../src/ops/load/slo/slo.js'
import { valueOf } from '../../../../src/ops/load/slo/value.js'
import { createWindow, type Window } from '../../../../src/ops/load/window.js'

const KNOWN: Record<string, number> = { before: 3, during: 40, after: 7 }
const leaf = fc.oneof(
  fc.integer({ min: 0, max: 50 }).map((value): Expression => ({ type: 'number', value, unit: null })),
  fc
    .constantFrom('before' as const, 'during' as const, 'after' as const)
    .map((phase): Expression => ({ type: 'metric', phase, metric: 'errors' })),
)
const { expressions } = fc.letrec<{ expressions: Expression }>((tie) => ({
  expressions: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({
      type: fc.constant('binary' as const),
      operator: fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const),
      left: tie('expressions'),
      right: tie('expressions'),
    }),
    fc.record({
      type: fc.constant('call' as const),
      name: fc.constantFrom('min' as const, 'max' as const),
      operands: fc.array(tie('expressions'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}))

/** JavaScript's own arithmetic of the printed text: it has the same precedence. */
function byJavaScript(text: string): number {
  const body = text
    .replace(/(before|during|after)\.errors/g, (_, phase: string) => String(KNOWN[phase]))
    .replace(/\b(min|max)\(/g, 'Math.$1(')
  return Number(runInNewContext(body))
}

test('an expression is worth what JavaScript says of its text', () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      const text = formatExpression(expression)
      fc.pre(text.length < 400)
      const expected = byJavaScript(text)
      const parsed = parseSlo(`${text} < 1`).left
      const value = valueOf(parsed, ({ phase }) => ({ value: KNOWN[phase]! }))
      if (Number.isFinite(expected)) expect(value).toEqual({ value: expected })
      else expect(value).toEqual({ unknown: 'it divides by zero' })
    }),
    { numRuns: 300 },
  )
})

const windowOf = (errors: number): Window => ({ ...createWindow(0), durationMs: 1000, sent: 100, errors })
const observedOf = (seconds: number[]): Observed => ({
  window: () => windowOf(0),
  seconds: () => seconds.map((errors, index) => ({ endMs: (index + 1) * 1000, window: windowOf(errors) })),
  moments: null,
  unseen: {},
})
const HOLDS: Record<Comparator, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
}

test('within holds when every second that ends after it is good, and there is one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...(Object.keys(HOLDS) as Comparator[])),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 9 }),
      (seconds, comparator, limit, withinS) => {
        const slo = parseSlo(`after.errors ${comparator} ${limit} within ${withinS}s`)
        const good = seconds.map((errors) => HOLDS[comparator](errors, limit))
        const expected = good.at(-1)! && good.slice(withinS).every(Boolean)
        expect(judgeSlo(slo, observedOf(seconds)).result).toBe(expected ? 'pass' : 'fail')
      },
    ),
    { numRuns: 500 },
  )
})

test('a percentile among the unanswered is endless, whatever is added to it or multiplied with it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (number) => {
      const window = { ...windowOf(0), sent: 1000, pending: 1000 }
      const observed = { ...observedOf([]), window: () => window }
      const result = (slo: string) => judgeSlo(parseSlo(slo), observed).result
      expect(result(`during.p99 + ${number}ms < ${number}s`)).toBe('fail')
      expect(result(`during.p99 * ${number} > 1s`)).toBe('pass')
      expect(result(`min(during.p99, ${number}ms) < 1s`)).toBe('not judged')
      expect(result(`${number}ms < during.p99`)).toBe('not judged')
      expect(result(`during.p99 - during.p50 < ${number}ms`)).toBe('not judged')
    }),
    { numRuns: 20 },
  )
})
