import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseStopCondition } from '../../../../src/ops/experiment/stop-conditions/parse.js'
import { METRICS } from '../../../../src/ops/experiment/stop-conditions/stop-condition.js'
import { UsageError } from '../../../../src/ops/report/errors.js'

test.each([
  ['5xx > 2% for 3s', { metric: '5xx', limit: 2, unit: '%', orEqual: false, forMs: 3000 }],
  ['5xx>=10', { metric: '5xx', limit: 10, unit: 'count', orEqual: true, forMs: 0 }],
  ['errors > 50', { metric: 'errors', limit: 50, unit: 'count', orEqual: false, forMs: 0 }],
  ['  errors  >  0.5 %   for 500ms ', { metric: 'errors', limit: 0.5, unit: '%', forMs: 500 }],
  ['P99 > 1.5s for 2s', { metric: 'p99', limit: 1500, unit: 'ms', forMs: 2000 }],
  ['pending > 200', { metric: 'pending', limit: 200, unit: 'count' }],
  ['rss > 1gb', { metric: 'rss', limit: 1e9, unit: 'bytes' }],
  ['rss > 512MiB', { metric: 'rss', limit: 512 * 2 ** 20, unit: 'bytes' }],
])('%s', (text, expected) => expect(parseStopCondition(text)).toMatchObject(expected))

describe('what is wrong is named', () => {
  test.each([
    ['', 'not of the form'],
    ['errors', 'not of the form'],
    ['errors 5', 'not of the form'],
    ['> 5', 'not of the form'],
    ['eror > 5', 'there is no "eror" to measure'],
    ['p98 > 5ms', 'there are 5xx, errors, p50'],
    ['errors < 5', '< does not say what is too much'],
    ['errors = 5', '= does not say'],
    ['errors > many', '"many" is no number'],
    ['errors > -1', '"-1" is no number'],
    ['errors > 1e9', '"1e9" is no number'],
    ['errors > 5ms', 'errors is given in % or as a number, and not as "5ms"'],
    ['p99 > 500', 'p99 is given in ms or s'],
    ['p99 > 5%', 'p99 is given in ms or s'],
    ['rss > 5', 'rss is given in kb, mb or gb'],
    ['rss > 5constructor', 'rss is given in kb'],
    ['pending > 5%', 'pending is given as a number'],
    ['errors > 101%', '101% is more than all'],
    ['errors > 5 for', 'and not as "5 for"'],
    ['errors > 5 for ever', '"ever" is no time'],
    ['errors > 5 for 0s', '"0s" is no time'],
    ['errors > 5 for 2h', '"2h" is no time up to 10m'],
    ['rss > 999999999999gb', 'too large'],
    [`errors > ${'5'.repeat(300)}`, 'longer than'],
  ])('%j', (text, words) => {
    const parsing = () => parseStopCondition(text)
    expect(parsing).toThrow(words)
    expect(parsing).toThrow(expect.objectContaining({ kind: 'usage', code: 'BAD_STOP_CONDITION' }) as Error)
  })

  test('with what was meant', () => {
    const suggestions = expect.arrayContaining(['errors, if that was meant']) as string[]
    expect(() => parseStopCondition('error > 5')).toThrow(expect.objectContaining({ suggestions }) as Error)
  })
})

const units = { '5xx': '%', errors: '', pending: '', rss: 'mb' } as const
const conditions = fc.record({
  metric: fc.constantFrom(...METRICS),
  comparator: fc.constantFrom('>', '>='),
  limit: fc.integer({ min: 0, max: 100 }),
  seconds: fc.option(fc.integer({ min: 1, max: 600 })),
  space: fc.constantFrom('', ' ', '\t '),
})

test('what is written is what is meant, whatever the blanks', () => {
  fc.assert(
    fc.property(conditions, ({ metric, comparator, limit, seconds, space }) => {
      const unit = metric in units ? units[metric as keyof typeof units] : 'ms'
      const span = seconds === null ? '' : ` ${space}for ${space}${seconds}s`
      const written = `${metric}${space}${comparator}${space}${limit}${unit}${span}`
      const parsed = parseStopCondition(written)
      expect(parsed).toMatchObject({ metric, orEqual: comparator === '>=', forMs: (seconds ?? 0) * 1000 })
      expect(parsed.limit).toBe(unit === 'mb' ? limit * 1e6 : limit)
      expect(parseStopCondition(parsed.text)).toEqual(parsed)
    }),
  )
})

test('any text is read, or refused as a matter of usage', () => {
  const words = fc.array(
    fc.constantFrom('5xx', 'errors', '>', '<', '5', '%', 'for', '3s', 'ms', ' ', '__proto__'),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        words.map((all) => all.join(' ')),
        words.map((all) => all.join('')),
      ),
      (text) => {
        try {
          parseStopCondition(text)
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      },
    ),
  )
})
