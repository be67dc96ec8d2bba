import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/ops/experiment/random.js'
import { createHistogram } from '../../../src/ops/load/histogram.js'
import { scatterOf, studentsT } from '../../../src/ops/load/scatter.js'

const random = seededRandom(7)
/** A second of 500 operations, each of which counts with this probability. */
const second = (share: number) => ({
  count: Array.from({ length: 500 }, () => random()).filter((value) => value < share).length,
  of: 500,
})

describe('how seconds scatter', () => {
  test('those of independent operations hardly more than one another', () => {
    const all = Array.from({ length: 200 }, () =>
      scatterOf([Array.from({ length: 20 }, () => second(0.1))], 'share'),
    )
    expect(Math.min(...all)).toBe(1)
    // Student's t alone is 7 % wider at 19 degrees.
    expect(all.reduce((total, each) => total + each) / all.length).toBeLessThan(1.2)
  })

  test('where one second has all that is slow, an interval is many times as wide', () => {
    const bad = [...Array.from({ length: 9 }, () => ({ count: 0, of: 500 })), { count: 50, of: 500 }]
    // 45² of 5 x 0.99 and nine times 5² of it, over nine degrees: X²/ν is 50.5; times t(9)/z.
    expect(scatterOf([bad], 'share')).toBeCloseTo((2.262 / 1.96) * Math.sqrt(50.505), 1)
    expect(scatterOf([bad], 'rate')).toBeCloseTo((2.262 / 1.96) * Math.sqrt(50), 1)
  })

  test('what differs from one group to the next is no scatter', () => {
    const group = (count: number) => Array.from({ length: 3 }, () => ({ count, of: 500 }))
    expect(scatterOf([group(5), group(450)], 'share')).toBe(1)
    expect(scatterOf([[...group(5), ...group(450)]], 'share')).toBeGreaterThan(10)
  })

  test.each([
    ['nothing', []],
    [
      'two seconds',
      [
        [
          { count: 0, of: 500 },
          { count: 400, of: 500 },
        ],
      ],
    ],
    [
      'where all count, or none',
      [Array(5).fill({ count: 500, of: 500 }), Array(5).fill({ count: 0, of: 9 })],
    ],
    ['no operations', [Array(5).fill({ count: 0, of: 0 })]],
  ])('of %s nothing can be said', (_, groups) => {
    expect(scatterOf(groups, 'share')).toBe(1)
  })

  test.each([
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
    [1000, 1.962],
  ])("Student's t of %i degrees, as the tables have it", (freedom, t) => {
    expect(Math.abs(studentsT(freedom) / t - 1)).toBeLessThan(0.01)
  })
})

test('a histogram counts those beyond a value of its own exactly', () => {
  const histogram = createHistogram()
  for (let ms = 1; ms <= 1000; ms += 1) histogram.record(ms)
  const beyond = histogram.tail()
  for (const share of [0.5, 0.9, 0.99, 1]) {
    expect(beyond(histogram.quantileMs(share)!)).toBe(Math.round(1000 * (1 - share)))
  }
  expect([beyond(0), beyond(5000), createHistogram().tail()(1)]).toEqual([1000, 0, 0])
})
