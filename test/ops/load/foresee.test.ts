import { describe, expect, test } from 'vitest'
import { checkPlan, foresee, type LoadPlan } from '../../../src/ops/load/foresee.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import { traffic } from './traffic.js'

const plan: LoadPlan = {
  ...traffic({ ratePerSecond: 200 }),
  fault: 'stall',
  beforeMs: 5000,
  duringMs: 10_000,
  afterMs: 10_000,
  transitionMs: 2000,
  isApp: false,
}
const foreseen = (slo: string, more: Partial<LoadPlan> = {}) => foresee({ ...plan, ...more }, [parseSlo(slo)])

describe('a plan that cannot be carried out', () => {
  test.each<[Partial<LoadPlan>, string[], string, string]>([
    [{ ratePerSecond: 20_001 }, [], 'RATE_TOO_HIGH', '20,001'],
    [{ afterMs: 600_001 }, [], 'PHASE_TOO_LONG', '`after`'],
    [{ ratePerSecond: 20_000, duringMs: 600_000, afterMs: 600_000 }, [], 'TOO_MANY_OPERATIONS', '24,100,000'],
    // Of a run without a fault nobody could say.
    [
      { fault: 'none' },
      ['during.errors == 0', 'after.recover < 1s'],
      'SLO_WITHOUT_FAULT',
      'no after.recover',
    ],
    [{ fault: 'none' }, ['during.p99 < onset.p99'], 'SLO_WITHOUT_FAULT', 'no onset.p99'],
    [{}, ['after.errors == 0 within 11s'], 'WITHIN_TOO_LONG', 'after lasts 10.0 s'],
  ])('%j %j', (more, slos, code, words) => {
    expect(() => checkPlan({ ...plan, ...more }, slos.map(parseSlo))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    )
  })

  test('the most of everything can', () => {
    checkPlan({ ...plan, ratePerSecond: 20_000, duringMs: 600_000 }, [])
    checkPlan(plan, [parseSlo('after.errors == 0 within 10s'), parseSlo('after.recover < 1s')])
    checkPlan({ ...plan, fault: 'none' }, [parseSlo('db.qps < before * 12')])
  })
})

describe('what will not be judged for want of operations', () => {
  test.each<[string, Partial<LoadPlan>]>([
    ['during.p99 < 1s', {}],
    ['during.hit_rate > 50%', {}],
    ['settled.p99 < 1s', {}],
    ['during.errors == 0', { ratePerSecond: 1 }],
    // Of an app nobody knows what is a read.
    ['during.hit_rate > 50%', { ratePerSecond: 1, isApp: true }],
  ])('%s: nothing, with %j', (slo, more) => {
    expect(foreseen(slo, more)).toEqual([])
  })

  test.each<[string, Partial<LoadPlan>, string]>([
    ['during.p99 < 1s', { ratePerSecond: 50 }, 'during.p99 needs 1,000 operations and will have about 500'],
    // 2 s of it, however long `during` is.
    ['onset.p99 < 1s', {}, 'onset.p99 needs 1,000 operations and will have about 400'],
    ['settled.p99 < 1s', { duringMs: 4000 }, 'settled.p99 needs 1,000 operations and will have about 400'],
    // A transition is half of its phase at most.
    ['recovery.p95 < 1s', { afterMs: 1000 }, 'recovery.p95 needs 200 operations and will have about 100'],
    ['after.p95 < 1s within 5s', { ratePerSecond: 100 }, 'after.p95 needs 200 operations in each second'],
    [
      'before.hit_rate > 50%',
      { ratePerSecond: 10, limiter: { share: 0.5, identifiers: 9, skew: 0 } },
      'before.hit_rate needs 50 reads and will have about 23',
    ],
  ])('%s with %j', (slo, more, words) => {
    expect(foreseen(slo, more)).toEqual([expect.stringContaining(words)])
  })

  test('it says what would help', () => {
    expect(foreseen('during.p99 < 1s', { ratePerSecond: 50 })[0]).toMatch(
      /: a higher --rate or a longer --during$/,
    )
    expect(foreseen('onset.p99 < 1s')[0]).toMatch(/: a higher --rate or a longer --transition$/)
  })
})
