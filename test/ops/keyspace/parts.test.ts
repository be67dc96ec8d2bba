import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allFamilies, findFamily } from '../../../src/library/families/families.js'
import { Distribution } from '../../../src/ops/keyspace/distribution.js'
import { estimateCount, estimateSum } from '../../../src/ops/keyspace/estimate.js'
import { maskKey } from '../../../src/ops/keyspace/mask.js'
import { Moments } from '../../../src/ops/keyspace/moments.js'
import { OrphanGroups } from '../../../src/ops/keyspace/orphan-groups.js'
import { percentile } from '../../../src/ops/keyspace/purge/percentile.js'
import { Reservoir } from '../../../src/ops/keyspace/reservoir.js'
import { SeenKeys } from '../../../src/ops/keyspace/seen-keys.js'
import { catalogue, hostileConversations, hostileOrphans, mixedKeys } from './servers.js'

test('a key is seen once', () => {
  const seen = new SeenKeys()
  const keys = Array.from({ length: 50_000 }, (_, index) => Buffer.from(`k${index}`))
  expect(keys.filter((key) => seen.add(key)).length).toBe(50_000)
  expect(keys.filter((key) => seen.add(key)).length).toBe(0)
  expect(seen.size).toBe(50_000)
  expect([Buffer.from(''), Buffer.from([0]), Buffer.from([0, 0])].map((key) => seen.add(key))).toEqual([
    true,
    true,
    true,
  ])
})

test('families are told apart as the library does', () => {
  const keys = mixedKeys().map(([, key]) => Buffer.from(key as string))
  const otherwise = keys.filter(
    (key) => catalogue.classify(key)?.id !== findFamily(key.toString())?.family.id,
  )
  expect(otherwise).toEqual([])
  expect(allFamilies.length).toBeGreaterThan(3)
})

describe('masks', () => {
  test.each([
    ['copilot:conv:8c1f2a77', 'copilot:conv:8c1***'],
    ['copilot:conv:t42', 'copilot:conv:***'],
    ['copilot:ratelimit:login:alice@example.com', 'copilot:ratelimit:***:ali***'],
    ['copilot:conv:alice:secret-of-alice', 'copilot:conv:***:sec***'],
    ['session:old:4711', 'session:old:***'],
    ['alice@example.com', 'ali***'],
    ['', ''],
  ])('%s', (key, masked) => expect(maskKey(Buffer.from(key), catalogue)).toBe(masked))

  test('no hostile key gets a control character or much of its length through', () => {
    for (const key of [...hostileConversations, ...hostileOrphans]) {
      const masked = maskKey(Buffer.from(key as string), catalogue)
      expect(masked).not.toMatch(/[\p{C}]/u)
      expect(masked.length).toBeLessThan(120)
    }
  })
})

describe('orphan groups', () => {
  const groupsOf = (keys: string[]) => {
    const groups = new OrphanGroups(catalogue)
    for (const key of keys) groups.add(Buffer.from(key))
    return groups.list()
  }

  test('by the words they begin with, largest first', () => {
    expect(
      groupsOf(['session:old:1', 'session:old:2', 'session:new:3', 'foo', 'copilot:conv:abc:def']),
    ).toEqual([
      { pattern: 'session:old:*', keys: 2 },
      { pattern: '*', keys: 1 },
      { pattern: 'copilot:conv:*:*', keys: 1 },
      { pattern: 'session:new:*', keys: 1 },
    ])
  })

  test('words that are ids become one group', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `user:${letters(index)}:cart`)
    expect(groupsOf([...names, 'user:settings:x'])).toEqual([{ pattern: 'user:*:*', keys: 3001 }])
  })

  test('no flood of prefixes makes it grow', () => {
    const flood = Array.from({ length: 20_000 }, (_, index) => `${letters(index)}:${letters(index * 7)}:x`)
    const groups = groupsOf(flood)
    expect(groups.length).toBeLessThan(60)
    expect(groups.reduce((sum, { keys }) => sum + keys, 0)).toBe(20_000)
  })
})

describe('estimates', () => {
  test('exact when all were looked at', () => {
    expect(estimateCount(3, 10, 10)).toEqual({ value: 3, margin: 0 })
    expect(estimateSum(momentsOf([1, 2, 3]), 3)).toEqual({ value: 6, margin: 0 })
  })

  test('none in a sample is not none', () => {
    expect(estimateCount(0, 1000, 13_000)).toEqual({ value: 0, margin: 39 })
    expect(estimateCount(0, 0, 5)).toEqual({ value: 0, margin: 5 })
  })

  test('the truth lies within the margin about as often as it says', () => {
    const total = 5000
    const sizes = Array.from({ length: total }, (_, index) => 50 + (index % 100) ** 2)
    const truth = sizes.reduce((sum, size) => sum + size, 0)
    const hits = sizes.filter((size) => size > 5000).length
    let within = 0
    for (let seed = 0; seed < 200; seed++) {
      const reservoir = new Reservoir(400, seed)
      const moments = new Moments()
      const sampled: number[] = []
      for (const size of sizes) {
        const place = reservoir.offer()
        if (place === null) continue
        if (sampled[place] !== undefined) moments.remove(sampled[place])
        moments.add((sampled[place] = size))
      }
      const sum = estimateSum(moments, total)
      const count = estimateCount(sampled.filter((size) => size > 5000).length, 400, total)
      if (Math.abs(sum.value - truth) <= sum.margin) within += 1
      if (Math.abs(count.value - hits) <= count.margin) within += 1
    }
    expect(within / 400).toBeGreaterThan(0.9)
    expect(within / 400).toBeLessThan(0.99)
  })

  test('percentiles', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([0.05, 0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([5, 50, 95, 100])
    expect(percentile([], 0.5)).toBeNaN()
  })
})

describe('a distribution', () => {
  const value = fc.oneof(fc.nat(1000), fc.nat(2 ** 31 - 1), fc.maxSafeNat())

  test('tells quantiles to within 0.4 %, whatever came and went', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1 }),
        fc.array(value),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (stay, go, share) => {
          const distribution = new Distribution()
          for (const number of [...go, ...stay]) distribution.add(number)
          for (const number of go) distribution.remove(number)
          const truth = percentile(stay, share)
          expect(Math.abs(distribution.quantile(share)! - truth)).toBeLessThanOrEqual(truth * 0.004)
        },
      ),
    )
  })

  test('of nothing has none', () => expect(new Distribution().quantile(0.5)).toBeNull())
})

test('moments are those of the numbers that stayed', () => {
  const moments = momentsOf([1e12, 1e12 + 1, 1e12 + 2, 1e12 - 5e6])
  moments.remove(1e12 - 5e6)
  expect([moments.count, moments.sum]).toEqual([3, 3e12 + 3])
  expect(moments.variance).toBeCloseTo(1)
})

function momentsOf(values: number[]): Moments {
  const moments = new Moments()
  for (const value of values) moments.add(value)
  return moments
}

function letters(index: number): string {
  const letter = (value: number) => String.fromCharCode(97 + (value % 26))
  return `w${letter(index)}${letter(index / 26)}${letter(index / 676)}${letter(index / 17_576)}`
}
