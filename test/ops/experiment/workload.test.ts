import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keysOf } from '../../../src/ops/experiment/keys.js'
import { plannedFor, type Plan } from '../../../src/ops/experiment/plan.js'
import {
  workload,
  type PlannedOperation,
  type WorkloadOptions,
} from '../../../src/ops/experiment/workload.js'
import { RACED_LOAD_MS } from '../../../src/ops/experiment/races.js'

const options = fc.record<WorkloadOptions>({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  ratePerSecond: fc.integer({ min: 1, max: 2000 }),
  arrivals: fc.constantFrom('constant', 'poisson'),
})

function take(count: number, operations: Iterable<PlannedOperation>): PlannedOperation[] {
  const taken: PlannedOperation[] = []
  for (const operation of operations) {
    taken.push(operation)
    if (taken.length === count) break
  }
  return taken
}

const writes = (operations: PlannedOperation[]) => operations.filter(({ kind }) => kind !== 'read').length

describe('workload', () => {
  test('is a function of its options', () => {
    fc.assert(
      fc.property(options, (given) => {
        expect(take(200, workload(given))).toEqual(take(200, workload(given)))
      }),
      { numRuns: 30 },
    )
  })

  test('differs from seed to seed', () => {
    const given = { ratePerSecond: 200, arrivals: 'constant' } as const
    expect(take(40, workload({ ...given, seed: 1 }))).not.toEqual(take(40, workload({ ...given, seed: 2 })))
  })

  test('has at least 5 % writes in every stretch of 40 or more, however short the phase', () => {
    fc.assert(
      fc.property(options, fc.nat(500), fc.integer({ min: 40, max: 400 }), (given, from, length) => {
        const stretch = take(from + length, workload(given)).slice(from)
        expect(writes(stretch) / length).toBeGreaterThanOrEqual(0.05)
      }),
    )
  })

  test('is 90 % reads, 5 % puts, 5 % invalidations', () => {
    const operations = take(2000, workload({ seed: 3, ratePerSecond: 200, arrivals: 'poisson' }))
    const count = (kind: string) => operations.filter((each) => each.kind === kind).length
    expect([count('read'), count('put'), count('invalidate')]).toEqual([1800, 100, 100])
  })

  test('is in order of time and keeps its rate', () => {
    fc.assert(
      fc.property(options, (given) => {
        const dues = take(2000, workload(given)).map(({ dueMs }) => dueMs)
        expect(dues).toEqual([...dues].sort((left, right) => left - right))
        const ratePerSecond = (2000 * 1000) / (dues.at(-1) as number)
        const tolerance = given.arrivals === 'constant' ? 0.001 : 0.15
        expect(Math.abs(ratePerSecond / given.ratePerSecond - 1)).toBeLessThan(tolerance)
      }),
      { numRuns: 50 },
    )
  })

  test('prefers few keys and still touches many', () => {
    const keys = take(4000, workload({ seed: 1, ratePerSecond: 200, arrivals: 'constant' })).map(
      ({ key }) => key,
    )
    const share = (key: string) => keys.filter((each) => each === key).length / keys.length
    expect(share('drill:workload:0')).toBeGreaterThan(0.05)
    expect(share('drill:workload:0')).toBeLessThan(0.2)
    expect(new Set(keys).size).toBeGreaterThan(180)
  })
})

describe('plan', () => {
  const plan: Plan = {
    seed: 1,
    ratePerSecond: 200,
    arrivals: 'constant',
    beforeMs: 2000,
    duringMs: 6000,
    afterMs: 6000,
  }
  const main = [...take(100, plannedFor('main', 'fault', 1000, plan))]
  const second = [...take(100, plannedFor('second', 'fault', 1000, plan))]

  test('main deletes every revoked key during the fault, several at its very start', () => {
    const deleted = main.filter(({ group }) => group === 'revoked')
    expect(new Set(deleted.map(({ key }) => key))).toEqual(new Set(keysOf('revoked')))
    expect(deleted.every(({ kind, dueMs }) => kind === 'invalidate' && dueMs >= 1000 && dueMs < 7000)).toBe(
      true,
    )
    expect(deleted.filter(({ dueMs }) => dueMs < 1050).length).toBeGreaterThanOrEqual(5)
  })

  test.each([500, 1500, 6000, 60_000])(
    'in a fault of %i ms every contested key is put by main and later deleted by second, before the heal',
    (duringMs) => {
      const puts = take(100, plannedFor('main', 'fault', 0, { ...plan, duringMs })).filter(
        ({ group }) => group === 'contested',
      )
      const deletes = take(100, plannedFor('second', 'fault', 0, { ...plan, duringMs }))
      for (const key of keysOf('contested')) {
        const put = puts.find((each) => each.key === key)
        const deleted = deletes.find((each) => each.key === key)
        expect(put).toMatchObject({ kind: 'put' })
        expect(deleted).toMatchObject({ kind: 'invalidate', group: 'contested' })
        expect(deleted?.dueMs).toBeGreaterThan((put?.dueMs ?? 0) + 100)
        expect(deleted?.dueMs).toBeLessThan(duringMs)
      }
    },
  )

  test('the writes that begin with the fault can be spread, and their order stays', () => {
    const spread = take(100, plannedFor('main', 'fault', 1000, { ...plan, burstMs: 200 }))
    const puts = (operations: PlannedOperation[]) => operations.filter(({ kind }) => kind === 'put')
    expect(puts(spread).map(({ key }) => key)).toEqual(puts(main).map(({ key }) => key))
    for (const { dueMs } of puts(main)) expect(dueMs).toBeLessThan(1020)
    expect(puts(spread).at(-1)?.dueMs).toBeGreaterThan(1100)
    for (const { dueMs } of puts(spread)) expect(dueMs).toBeLessThan(1200)
  })

  test('plans are in order of time', () => {
    for (const operations of [main, second]) {
      const dues = operations.map(({ dueMs }) => dueMs)
      expect(dues).toEqual([...dues].sort((left, right) => left - right))
    }
  })

  test('after the heal second reads each revoked key about every 50 ms', () => {
    const looks = take(960, plannedFor('second', 'heal', 8000, plan)).filter(
      ({ key }) => key === 'drill:revoked:5',
    )
    const gaps = looks.slice(1).map(({ dueMs }, index) => dueMs - (looks[index]?.dueMs ?? 0))
    expect(looks.length).toBe(20)
    for (const gap of gaps) expect(gap).toBeCloseTo(50)
  })

  test('with races second invalidates each key while main loads it, once Redis is back, and both look again', () => {
    const racing = (process: 'main' | 'second') => {
      const all = take(4000, plannedFor(process, 'heal', 8000, { ...plan, races: true }))
      const dues = all.map(({ dueMs }) => dueMs)
      expect(dues).toEqual([...dues].sort((left, right) => left - right))
      return all.filter(({ group }) => group === 'raced')
    }
    const [byMain, bySecond] = [racing('main'), racing('second')]
    for (const key of keysOf('raced')) {
      const [load, look] = byMain.filter((each) => each.key === key)
      const [invalidation, theirLook] = bySecond.filter((each) => each.key === key)
      expect([load?.kind, look?.kind, invalidation?.kind, theirLook?.kind]).toEqual([
        'read',
        'read',
        'invalidate',
        'read',
      ])
      expect(load?.dueMs).toBeGreaterThanOrEqual(9000)
      const laterMs = (invalidation?.dueMs ?? 0) - (load?.dueMs ?? 0)
      expect(laterMs).toBeGreaterThan(0)
      expect(laterMs).toBeLessThan(RACED_LOAD_MS)
    }
    expect(take(960, plannedFor('main', 'heal', 8000, plan)).some(({ group }) => group === 'raced')).toBe(
      false,
    )
  })

  test('where it reads through, main joins each load, invalidates within it, and asks again before it has ended', () => {
    const joining = (process: 'main' | 'second', joins: boolean) =>
      take(4000, plannedFor(process, 'heal', 8000, { ...plan, races: true, joins }))
    const byMain = joining('main', true)
    const dues = byMain.map(({ dueMs }) => dueMs)
    expect(dues).toEqual([...dues].sort((left, right) => left - right))
    for (const key of keysOf('joined')) {
      const all = byMain.filter((each) => each.key === key)
      expect(all.map(({ kind }) => kind)).toEqual(['read', 'read', 'invalidate', 'read', 'read'])
      const within = all.filter(({ dueMs }) => dueMs - (all[0]?.dueMs ?? 0) < RACED_LOAD_MS)
      expect(within).toHaveLength(4)
    }
    const others = [...joining('second', true), ...joining('main', false)]
    expect(others.some(({ group }) => group === 'joined')).toBe(false)
  })
})
