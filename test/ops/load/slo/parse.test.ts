import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSlo } from '../../../../src/ops/load/slo/format.js'
import { METRIC_NAMES, METRICS } from '../../../../src/ops/load/slo/metrics.js'
import { parseSlo } from '../../../../src/ops/load/slo/parse.js'
import type { Comparator, Expression, Slo } from '../../../../src/ops/load/slo/slo.js'
import { UsageError } from '../../../../src/ops/report/errors.js'

function errorOf(slo: string): UsageError {
  try {
    parseSlo(slo)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error(`${slo} was accepted`)
}

describe('what is understood', () => {
  test.each([
    ['during.errors==0', 'during.errors == 0'],
    ['during.p99<before.p99*3', 'during.p99 < before.p99 * 3'],
    ['during.p99 < max(before.p99*3, 50 ms)', 'during.p99 < max(before.p99 * 3, 50ms)'],
    ['after.hit_rate>0.9*before.hit_rate within 10s', 'after.hit_rate > 0.9 * before.hit_rate within 10s'],
    // A phase alone is the same metric in that phase.
    ['after.hit_rate>0.9*before within 1500ms', 'after.hit_rate > 0.9 * before.hit_rate within 1500ms'],
    ['db.qps<before*12', 'during.db_qps < before.db_qps * 12'],
    ['after.hit_rate>=90%', 'after.hit_rate >= 90%'],
    ['during.p50-before.p50<=5ms', 'during.p50 - before.p50 <= 5ms'],
    ['(during.max)/before.max<20', 'during.max / before.max < 20'],
    ['during.sent-(after.sent-1)!=0.0000001', 'during.sent - (after.sent - 1) != 0.0000001'],
    ['1 - during.errors - 2 < 3', '1 - during.errors - 2 < 3'],
    ['during.p99<2*(before.p99+1s)', 'during.p99 < 2 * (before.p99 + 1s)'],
  ])('%s', (text, canonical) => {
    expect(formatSlo(parseSlo(text))).toBe(canonical)
  })

  test('a product binds more than a sum, and both from the left', () => {
    expect(parseSlo('1 + 2 * 3 - 4 < during.errors').left).toEqual({
      type: 'binary',
      operator: '-',
      left: {
        type: 'binary',
        operator: '+',
        left: number(1),
        right: { type: 'binary', operator: '*', left: number(2), right: number(3) },
      },
      right: number(4),
    })
  })
})

describe('what is refused, where, and with what instead', () => {
  test.each([
    ['', 'BAD_SLO', 'at the end: here belongs a value', undefined],
    ['during.p99 <', 'BAD_SLO', 'at the end: here belongs a value', undefined],
    ['during.p99<<3', 'BAD_SLO', 'at character 12 ("<3")', undefined],
    ['during.errors', 'BAD_SLO', 'at the end: here belongs a comparison', undefined],
    ['during.errors=0', 'BAD_SLO', 'at character 14 ("=0"): to compare, write ==', undefined],
    ['during.errors==0 now', 'BAD_SLO', 'at character 18 ("now")', undefined],
    ['during.errors==0==0', 'BAD_SLO', 'at character 17', undefined],
    ['during.p99<3', 'BAD_SLO', 'at character 11 ("<3"): a time and a number', undefined],
    ['during.p99<before.p99+5', 'BAD_SLO', 'at character 22 ("+5")', undefined],
    ['during.p99*before.p99<5', 'BAD_SLO', 'a time times a time', undefined],
    ['3/during.p99<5', 'BAD_SLO', 'divided by a time', undefined],
    ['during.p99<3m', 'BAD_SLO', 'at character 13 ("m"): there is no such unit', undefined],
    ['during.p99<3ms;', 'BAD_SLO', 'at character 15 (";"): this has no place', undefined],
    ['(during.p99<3ms', 'BAD_SLO', 'at character 12 ("<3ms"): here belongs )', undefined],
    ['during.p99<max(3ms)', 'BAD_SLO', 'takes two values', undefined],
    ['during.p99<max(3ms, 4)', 'BAD_SLO', 'at character 19', undefined],
    ['during<3', 'BAD_SLO', 'say which metric of during', undefined],
    ['during.errors<99999999999999999999', 'BAD_SLO', 'too large', undefined],
    ['after.ok>1 within 5', 'BAD_SLO', 'here belongs a time', undefined],
    ['after.ok>1 within 10ms', 'BAD_SLO', '1s is the least', undefined],
    ['after.ok*2>1 within 5s', 'BAD_SLO', 'single metric', undefined],
    ['after.ok>after.sent within 5s', 'BAD_SLO', 'must not speak of after', undefined],
    ['during.p98<3ms', 'UNKNOWN_METRIC', 'at character 8', "--slo 'during.p90<3ms'"],
    ['during.hitrate>1', 'UNKNOWN_METRIC', 'at character 8', "--slo 'during.hit_rate>1'"],
    ['during.<1', 'UNKNOWN_METRIC', 'here belongs a metric', undefined],
    ['during.constructor<1', 'UNKNOWN_METRIC', 'no metric constructor', undefined],
    ['durin.p99<3ms', 'UNKNOWN_PHASE', 'at character 1', "--slo 'during.p99<3ms'"],
    ['p99<3ms', 'UNKNOWN_PHASE', 'p99 of which phase', "--slo 'during.p99<3ms'"],
    ['db.rps<3', 'UNKNOWN_METRIC', 'only db.qps', "--slo 'db.qps<3'"],
  ])('%s', (slo, code, words, suggestion) => {
    const error = errorOf(slo)
    expect([error.code, error.suggestions]).toEqual([code, suggestion === undefined ? [] : [suggestion]])
    expect(error.message).toContain(words)
  })
})

test('one that would cost too much stack', () => {
  expect(errorOf(`${'('.repeat(600)}1`).message).toContain('at most 500 characters')
})

function number(value: number): Expression {
  return { type: 'number', value, unit: null }
}

const value = fc.integer({ min: 0, max: 1e9 }).map((thousandths) => thousandths / 1000)

function leaf(dimension: 'time' | 'number'): fc.Arbitrary<Expression> {
  return fc.oneof(
    fc.record({
      type: fc.constant('number' as const),
      value,
      unit:
        dimension === 'time'
          ? fc.constantFrom('ms' as const, 's' as const)
          : fc.constantFrom('%' as const, null),
    }),
    fc.record({
      type: fc.constant('metric' as const),
      phase: fc.constantFrom('before' as const, 'during' as const, 'after' as const),
      metric: fc.constantFrom(
        ...METRIC_NAMES.filter(
          (name) => METRICS[name].dimension === dimension && METRICS[name].kind === 'window',
        ),
      ),
    }),
  )
}

type Operator = '+' | '-' | '*' | '/'
const { times, numbers } = fc.letrec<{ times: Expression; numbers: Expression }>((tie) => {
  const binary = (operators: readonly Operator[], left: 'times' | 'numbers', right: 'times' | 'numbers') =>
    fc.record({
      type: fc.constant('binary' as const),
      operator: fc.constantFrom(...operators),
      left: tie(left),
      right: tie(right),
    })
  const call = (of: 'times' | 'numbers') =>
    fc.record({
      type: fc.constant('call' as const),
      name: fc.constantFrom('min' as const, 'max' as const),
      operands: fc.array(tie(of), { minLength: 2, maxLength: 3 }),
    })
  return {
    times: fc.oneof(
      { maxDepth: 3 },
      leaf('time'),
      binary(['+', '-'], 'times', 'times'),
      binary(['*', '/'], 'times', 'numbers'),
      binary(['*'], 'numbers', 'times'),
      call('times'),
    ),
    numbers: fc.oneof(
      { maxDepth: 3 },
      leaf('number'),
      binary(['+', '-', '*', '/'], 'numbers', 'numbers'),
      binary(['/'], 'times', 'times'),
      call('numbers'),
    ),
  }
})

const comparator = fc.constantFrom<Comparator>('<', '<=', '>', '>=', '==', '!=')
const slo: fc.Arbitrary<Slo> = fc
  .oneof(fc.tuple(times, times), fc.tuple(numbers, numbers))
  .chain(([left, right]) =>
    fc.record({
      left: fc.constant(left),
      comparator,
      right: fc.constant(right),
      withinMs: fc.constant(null),
    }),
  )

test('what is printed is read back as the same', () => {
  fc.assert(
    fc.property(slo, (wanted) => {
      const text = formatSlo(wanted)
      // Space between two words never matters.
      const wide = text.replaceAll(' ', '\t ')
      fc.pre(wide.length <= 500)
      expect(parseSlo(text)).toEqual(wanted)
      expect(parseSlo(wide)).toEqual(wanted)
    }),
    { numRuns: 500 },
  )
})

test('any text is either understood or refused with its place, never anything else', () => {
  const words = fc.constantFrom(
    ..."during before after db . p99 errors qps < == = ! + * / - ( ) , max within 10s 3 % 1e9 ms é 💥 '".split(
      ' ',
    ),
    ' ',
    '\n',
  )
  const texts = fc.oneof(
    fc.array(words, { maxLength: 14 }).map((parts) => parts.join('')),
    fc.string({ maxLength: 600 }),
  )
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const parsed = parseSlo(text)
        expect(parseSlo(formatSlo(parsed))).toEqual(parsed)
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        expect(error.message).toMatch(/ is wrong at (the end|character \d+ )/)
      }
    }),
    { numRuns: 1000 },
  )
})
