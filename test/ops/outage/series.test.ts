import { describe, expect, test } from 'vitest'
import { seriesOf } from '../../../src/ops/outage/series.js'
import type { Measurement } from '../../../src/ops/experiment/measurement.js'
import { goodMeasurement, operation, vitals } from './measurements.js'

const none = {
  operations: [],
  writes: [],
  loads: [],
  vitals: [],
  limiting: undefined,
} as unknown as Partial<Measurement>
const measured = (overrides: Partial<Measurement>) =>
  seriesOf(goodMeasurement({ ...none, ...overrides }), 1000)!
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

describe('what a drill looked like over time', () => {
  test('nothing was asked: there is none', () => {
    expect(seriesOf(goodMeasurement(none), 1000)).toBeUndefined()
  })

  test('every column has a row for every step, and the steps reach to the end', () => {
    const { atMs, stepMs, endMs, checks, ...columns } = seriesOf(goodMeasurement(), 1000)!
    expect(stepMs).toBe(250)
    expect(atMs.at(-1)! + stepMs).toBeGreaterThanOrEqual(endMs)
    for (const column of [...Object.values(columns), ...Object.values(checks!)].filter(Array.isArray))
      expect(column).toHaveLength(atMs.length)
  })

  test('an operation counts in the step in which it was due, however late it ended', () => {
    const late = operation(1100, { endMs: 3900 })
    const { operations, worstMs, p50Ms } = measured({ operations: [late] })
    expect(operations[4]).toBe(1)
    expect(worstMs[4]).toBe(2800)
    expect(p50Ms[4]).toBe(2800)
    expect(sum(operations)).toBe(1)
    expect(worstMs[5]).toBeNull()
  })

  test('what was never answered is pending, and no latency', () => {
    const { pending, worstMs } = measured({ operations: [operation(1100, { endMs: null, source: null })] })
    expect(pending[4]).toBe(1)
    expect(worstMs[4]).toBeNull()
  })

  test('hits, fallbacks and errors are told apart', () => {
    const operations = [
      operation(100),
      operation(120, { source: 'load' }),
      operation(140, { source: null, error: 'no' }),
    ]
    const { hits, fallbacks, errors } = measured({ operations })
    expect([hits[0], fallbacks[0], errors[0]]).toEqual([1, 1, 1])
  })

  test('an answer that nobody waits for is late, and neither hit nor fallback', () => {
    const operations = [operation(100, { endMs: 1100 }), operation(120, { endMs: 1121 })]
    const { late, hits, errors } = measured({ operations })
    expect([late[0], hits[0], errors[0]]).toEqual([1, 1, 0])
  })

  test('what is read again and again to see whether it is stale is no traffic', () => {
    const { hits, operations } = measured({
      operations: [operation(100), operation(120, { group: 'revoked' })],
    })
    expect([hits[0], operations[0]]).toEqual([1, 2])
  })

  test('the other process is not looked at', () => {
    const other = operation(100, { process: 'second', error: 'no' })
    const { operations, errors } = measured({ operations: [operation(100), other] })
    expect([operations[0], sum(errors)]).toEqual([1, 0])
  })

  test('reads of the source are per second, in the last step too, which is shorter', () => {
    const loads = [10, 20].map((atMs) => ({ key: 'k', process: 'main' as const, atMs }))
    const { sourcePerSecond } = measured({ operations: [operation(0)], loads })
    expect(sourcePerSecond![0]).toBe(8)
    const short = measured({ operations: [operation(0)], loads, endMs: 100, faultAtMs: 50, healAtMs: 80 })
    expect(short.sourcePerSecond).toEqual([20])
  })

  test('what is left over of the time makes the last step longer, and no peak', () => {
    const loads = Array.from({ length: 40 }, (_, index) => ({
      key: 'k',
      process: 'main' as const,
      atMs: index * 25 + 5,
    }))
    const { sourcePerSecond, atMs } = measured({ operations: [operation(0)], loads, endMs: 1003 })
    expect(atMs).toEqual([0, 250, 500, 750])
    expect(Math.max(...sourcePerSecond!)).toBeLessThanOrEqual(40)
  })

  test('what the source was asked when all was over is of no step', () => {
    const loads = [{ key: 'k', process: 'main' as const, atMs: 12_000 }]
    expect(sum(measured({ operations: [operation(0)], loads }).sourcePerSecond!)).toBe(0)
  })

  test('nobody could count them: the column is not there, rather than zero', () => {
    const { sourcePerSecond } = measured({ operations: [operation(0)], unseen: { C7: 'no door' } })
    expect(sourcePerSecond).toBeUndefined()
  })

  test('of memory the most in a step, and null where nobody looked', () => {
    const { rssBytes } = measured({
      operations: [operation(0)],
      vitals: [vitals(10, { rssBytes: 5 }), vitals(20, { rssBytes: 7 })],
    })
    expect(rssBytes.slice(0, 2)).toEqual([7, null])
  })

  test('what a limiter said, and what its policy did', () => {
    const check = { limiter: 'api', startMs: 10, endMs: 11, error: null }
    const { checks } = measured({
      operations: [operation(0)],
      limiting: {
        limiters: [],
        checks: [
          { ...check, allowed: true, counted: true },
          { ...check, allowed: false, counted: true },
          { ...check, allowed: true, counted: false },
          { ...check, allowed: null, counted: true },
        ],
      },
    })
    expect([checks!.allowed[0], checks!.denied[0], checks!.uncounted[0]]).toEqual([1, 1, 1])
  })

  test('ten minutes have no more steps than a page is wide', () => {
    const { atMs, stepMs } = measured({
      operations: [operation(0)],
      faultAtMs: 1000,
      healAtMs: 599_000,
      endMs: 600_000,
    })
    expect([atMs.length, stepMs]).toEqual([60, 10_000])
  })
})
