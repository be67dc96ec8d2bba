import { expect, test } from 'vitest'
import { seededRandom } from '../../../../src/ops/experiment/random.js'
import { weighted, zipf } from '../../../../src/ops/load/generator/zipf.js'

const DRAWS = 50_000

function shares(count: number, draw: () => number): number[] {
  const drawn = new Uint32Array(count)
  for (let index = 0; index < DRAWS; index++) drawn[draw()]! += 1
  return Array.from(drawn, (each) => each / DRAWS)
}

test.each([0, 0.8, 0.99, 1.5])('Zipf with skew %f: each in proportion to its rank', (skew) => {
  const weights = Array.from({ length: 100 }, (_, index) => (index + 1) ** -skew)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const seen = shares(100, zipf(100, skew, seededRandom(1)))
  for (const [index, share] of seen.entries()) {
    const expected = weights[index]! / sum
    expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt(expected / DRAWS))
  }
})

test('one key is always that, and what has no weight is never drawn', () => {
  expect(shares(1, zipf(1, 0.99, seededRandom(1)))).toEqual([1])
  const [first, second, third] = shares(3, weighted([3, 0, 1], seededRandom(1)))
  expect(second).toBe(0)
  expect(first! / third!).toBeCloseTo(3, 0)
  expect(shares(3, weighted([0, 0, 5], seededRandom(1)))).toEqual([0, 0, 1])
})
