import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/ops/experiment/random.js'
import { compareReports } from '../../../src/ops/load/compare.js'
import { createHistogram } from '../../../src/ops/load/histogram.js'
import { quantileEstimate, rateEstimate, shareEstimate } from '../../../src/ops/load/noise.js'
import type { SavedReport } from '../../../src/ops/load/saved-report.js'
import { loadReport, phase, saved } from './saved-reports.js'

const allowance = { factor: 1.3, floorMs: 5 }
/** Without any allowance, what chance does is seen. */
const NONE = { factor: 1, floorMs: 0 }

const SHARES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }

/** As latencies are: most of them alike, some far out. */
function latencies(seed: number, many: number, slower = 1): number[] {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Array.from({ length: many }, () => 20 * slower * Math.exp(0.5 * normal()))
}

const run = (ms: number[]) => saved(loadReport({}, { phases: [phase('during', { ms })] }))

function verdicts(a: SavedReport, b: SavedReport, allowed = allowance): Map<string, string> {
  const { rows } = compareReports(a, b, { allowance: allowed, anyway: false })
  return new Map(rows.map(({ metric, verdict }) => [metric, verdict]))
}

describe('the guard against chance', () => {
  test('two samples of one distribution are the same in 97 of 100 seeds at least: each percentile even without an allowance, and all that is compared with it', () => {
    const same = { p50: 0, p90: 0, p95: 0, p99: 0, all: 0 }
    for (let seed = 1; seed <= 100; seed += 1) {
      const [a, b] = [run(latencies(seed, 1000)), run(latencies(seed + 1_000_000, 1000))]
      const bare = verdicts(a, b, NONE)
      for (const metric of ['p50', 'p90', 'p95', 'p99'] as const)
        if (bare.get(metric) === 'same') same[metric] += 1
      const found = [...verdicts(a, b).values()]
      if (found.every((verdict) => verdict === 'same' || verdict === 'unknown')) same.all += 1
    }
    for (const count of Object.values(same)) expect(count).toBeGreaterThanOrEqual(97)
  })

  // Ten operations are beyond the p99 of a thousand: twice as much may still be chance there.
  test.each([
    [1000, ['p50', 'p90', 'p95']],
    [10_000, ['p50', 'p90', 'p95', 'p99']],
  ])('of %i operations twice as slow is worse, and half as slow better: %j', (many, metrics) => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const [a, b] = [run(latencies(seed, many)), run(latencies(seed + 1_000_000, many, 2))]
      const [worse, better] = [verdicts(a, b), verdicts(b, a)]
      for (const metric of metrics) {
        expect([seed, metric, worse.get(metric), better.get(metric)]).toEqual([
          seed,
          metric,
          'worse',
          'better',
        ])
      }
    }
  })

  test('of too few operations nothing is told', () => {
    const [a, b] = [run(latencies(1, 100)), run(latencies(2, 100, 10))]
    const { rows } = compareReports(a, b, { allowance, anyway: false })
    const told = new Map(rows.filter(({ where }) => where === 'during').map((each) => [each.metric, each]))
    expect(told.get('p50')!.verdict).toBe('worse')
    expect(told.get('p99')).toMatchObject({
      verdict: 'unknown',
      reason: 'needs 1,000 operations, there were 100',
    })
  })
})

describe('intervals', () => {
  test('of a percentile hold the true one in about 95 of 100 samples, and never less than 90', () => {
    // Of the exponential distribution every percentile is known.
    const covered = { p50: 0, p90: 0, p95: 0, p99: 0 }
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seededRandom(seed)
      const latency = createHistogram()
      for (let at = 0; at < 1000; at += 1) latency.record(-50 * Math.log(1 - random()))
      const window = { phase: phase('during', { ms: [] }), latency }
      for (const [metric, share] of Object.entries(SHARES)) {
        const { low, high } = quantileEstimate(window, share)!
        const truth = -50 * Math.log(1 - share)
        if (low <= truth * 1.001 && truth <= high) covered[metric as keyof typeof covered] += 1
      }
    }
    for (const count of Object.values(covered)) expect(count).toBeGreaterThanOrEqual(275)
    expect(covered.p50).toBeLessThan(300)
  })

  test('hold the value, and shrink as more is seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const few = shareEstimate(Math.round(share * n), n)!
          const many = shareEstimate(Math.round(share * n) * 100, n * 100)!
          expect(few.low).toBeLessThanOrEqual(few.value)
          expect(few.high).toBeGreaterThanOrEqual(few.value)
          expect(many.high - many.low).toBeLessThan(few.high - few.low)
        },
      ),
    )
  })

  test.each([
    [81, 263, '0.2553', '0.3662'],
    [15, 148, '0.0624', '0.1605'],
    [0, 20, '0.0000', '0.1611'],
    [1, 29, '0.0061', '0.1718'],
  ])("Wilson's of %i in %i, as R. G. Newcombe published it (1998)", (count, total, from, to) => {
    const { low, high } = shareEstimate(count, total)!
    expect([low.toFixed(4), high.toFixed(4)]).toEqual([from, to])
  })

  test('of nothing, and of all', () => {
    expect(shareEstimate(0, 0)).toBeNull()
    expect(shareEstimate(0, 100)).toMatchObject({ value: 0, low: 0 })
    expect(shareEstimate(100, 100)).toMatchObject({ value: 1, high: 1 })
  })

  test('of events per second', () => {
    const { value, low, high } = rateEstimate(100, 10_000)!
    expect([value, low.toFixed(2), high.toFixed(2)]).toEqual([10, '8.22', '12.16'])
    expect(rateEstimate(5, 0)).toBeNull()
  })

  test('what was never answered is the slowest', () => {
    const window = { phase: phase('during', { ms: [], pending: 600 }), latency: createHistogram() }
    for (let at = 0; at < 400; at += 1) window.latency.record(1)
    expect(quantileEstimate(window, 0.5)).toMatchObject({ value: Infinity, low: Infinity })
    expect(quantileEstimate(window, 0.9)!.value).toBe(Infinity)
  })
})
