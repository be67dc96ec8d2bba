import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrivals } from '../../../../src/ops/load/generator/arrivals.js'
import type { Traffic } from '../../../../src/ops/load/generator/traffic.js'

type Options = Parameters<typeof arrivals>[0]

const spreads = ['constant', 'poisson', 'burst', 'ramp'] as const
const options = fc.record<Options>({
  arrivals: fc.constantFrom<Traffic['arrivals']>(...spreads),
  seed: fc.nat(),
  ratePerSecond: fc.integer({ min: 1, max: 20_000 }),
  beforeMs: fc.integer({ min: 0, max: 60_000 }),
})

function dueBefore(endMs: number, given: Options): number[] {
  const taken: number[] = []
  for (const dueMs of arrivals(given)) {
    if (dueMs >= endMs) return taken
    taken.push(dueMs)
  }
  throw new Error('arrivals end')
}

function first(count: number, given: Options): number[] {
  const each = arrivals(given)
  return Array.from({ length: count }, () => each.next().value)
}

test('are in order, from the first instant on, and the same for the same options', () => {
  fc.assert(
    fc.property(options, (given) => {
      const due = first(500, given)
      expect(due).toEqual(due.toSorted((left, right) => left - right))
      expect(due[0]).toBeGreaterThanOrEqual(0)
      expect(due.every(Number.isFinite)).toBe(true)
      expect(first(500, given)).toEqual(due)
    }),
    { numRuns: 50 },
  )
})

describe('how many are due in ten seconds', () => {
  const given = { seed: 7, ratePerSecond: 333, beforeMs: 10_000 }

  test.each(['constant', 'burst'] as const)('%s: exactly the rate', (spread) => {
    expect(dueBefore(10_000, { ...given, arrivals: spread })).toHaveLength(3330)
  })

  test('poisson: the rate, within five standard deviations, and another order for another seed', () => {
    const due = dueBefore(10_000, { ...given, arrivals: 'poisson' })
    expect(Math.abs(due.length - 3330)).toBeLessThan(5 * Math.sqrt(3330))
    expect(first(5, { ...given, arrivals: 'poisson', seed: 8 })).not.toEqual(due.slice(0, 5))
    // Independent callers: gaps vary as much as they are long.
    const gaps = due.slice(1).map((dueMs, index) => dueMs - due[index]!)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
    expect(deviation / mean).toBeGreaterThan(0.9)
  })

  test('ramp: the area under a line from a tenth of the rate to the rate, then the rate', () => {
    const ramp = { ...given, arrivals: 'ramp' } as const
    expect(dueBefore(10_000, ramp).length).toBeCloseTo(3330 * 0.55, -0.5)
    // A quarter of the way: 0.1 to 0.325 of the rate.
    expect(dueBefore(2500, ramp).length).toBeCloseTo(333 * 2.5 * 0.2125, -0.5)
    const after = dueBefore(20_000, ramp).filter((dueMs) => dueMs >= 10_000)
    expect(after.length).toBeCloseTo(3330, -0.5)
  })
})

test('constant does not drift: the millionth is due when it should be', () => {
  const each = arrivals({ arrivals: 'constant', seed: 1, ratePerSecond: 3, beforeMs: 0 })
  let dueMs = 0
  for (let count = 0; count <= 999_999; count++) dueMs = each.next().value
  expect(dueMs).toBe(333_333_000)
})

test('burst has all of a second in its first fifth, and every second its share of a fraction', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.3, max: 500, noNaN: true }), (ratePerSecond) => {
      const due = dueBefore(20_000, { arrivals: 'burst', seed: 1, ratePerSecond, beforeMs: 0 })
      expect(due.length).toBe(Math.floor(20 * ratePerSecond))
      expect(due.every((dueMs) => dueMs % 1000 < 200 + 1e-6)).toBe(true)
    }),
  )
})
