import { describe, expect, test } from 'vitest'
import { compareReports } from '../../../src/ops/load/compare.js'
import type { LoadCompareReport, RowVerdict } from '../../../src/ops/report/load-compare-report.js'
import { UsageError } from '../../../src/ops/report/errors.js'
import type { LoadMoments, LoadReport } from '../../../src/ops/report/load-report.js'
import { loadReport, phase, saved, type Seen } from './saved-reports.js'

const allowance = { factor: 1.3, floorMs: 5 }

const times = (ms: number, many = 2000) => Array.from({ length: many }, (_, at) => ms * (1 + (at % 10) / 100))

const compare = (a: LoadReport, b: LoadReport, anyway = false): LoadCompareReport =>
  compareReports(saved(a, 'a.json'), saved(b, 'b.json'), { allowance, anyway })

/** Two runs that differ in what `during` saw. */
const during = (a: Seen, b: Seen) => compare(loadReport({ during: a }), loadReport({ during: b }))

const verdictOf = ({ rows }: LoadCompareReport, metric: string, where = 'during'): RowVerdict | undefined =>
  rows.find((row) => row.metric === metric && row.where === where)?.verdict

describe('the verdict', () => {
  test('a run compared with itself costs as much', () => {
    const report = loadReport({
      before: { ms: times(2) },
      during: { ms: times(30) },
      after: { ms: times(2) },
    })
    const { verdict, inWords, rows } = compare(report, report)
    expect([verdict, inWords]).toEqual(['pass', 'B costs as much as A, as far as these runs can tell.'])
    expect(new Set(rows.map((row) => row.verdict))).toEqual(new Set(['same', 'unknown']))
  })

  test('what is slower is worse, and says by how much', () => {
    const result = during({ ms: times(32) }, { ms: times(212) })
    expect(result.verdict).toBe('fail')
    expect(result.inWords).toBe(
      'B costs users +196 ms p95 in the outage (231 ms instead of 35 ms); nothing else can be told apart.',
    )
    expect(result.rows[0]).toMatchObject({ where: 'during', metric: 'p95', unit: 'time', verdict: 'worse' })
    expect(result.rows[0]!.aInterval).toEqual([expect.any(Number), expect.any(Number)])
  })

  test('what is within the allowance is the same, however sure it is', () => {
    expect(verdictOf(during({ ms: times(100) }, { ms: times(128) }), 'p95')).toBe('same')
    expect(verdictOf(during({ ms: times(100) }, { ms: times(132) }), 'p95')).toBe('worse')
    // Three times as long, and nobody would feel it.
    expect(verdictOf(during({ ms: times(1) }, { ms: times(3) }), 'p95')).toBe('same')
    expect(verdictOf(during({ ms: times(1) }, { ms: times(7) }), 'p95')).toBe('worse')
  })

  test('what may be the generator starting late is the same, and the report says so', () => {
    const late = (latenessP99Ms: number) => ({ generator: { latenessP99Ms, limitMs: 500 } })
    const runs = (ms: number) => loadReport({ during: { ms: times(ms) } }, late(ms))
    expect(compare(runs(1), runs(80))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^operations of B were begun 80 ms late.*only --anyway compares it$/),
      rows: [],
    })
    const result = compare(runs(20), runs(80), true)
    expect(result).toMatchObject({ allowance: { factor: 1.3, floorMs: 80 }, raisedBy: 'lateness' })
    expect(verdictOf(result, 'p95')).toBe('same')
  })

  test('who is never answered waits for ever', () => {
    const result = during({ ms: times(30) }, { ms: times(30, 1000), pending: 1000 })
    expect(result.rows.slice(0, 2)).toMatchObject([
      { metric: 'pending', a: 0, b: 0.5, verdict: 'worse' },
      { metric: 'p95', b: 'never', difference: null, verdict: 'worse' },
    ])
    expect(result.inWords).toContain(
      'B leaves 50 % of the operations in the outage without an answer (instead of none)',
    )
  })

  test('errors are worse when they are more than chance, and never hidden when they are few', () => {
    expect(verdictOf(during({ ms: times(30) }, { ms: times(30), errors: 20 }), 'errors')).toBe('worse')
    const few = during({ ms: times(30) }, { ms: times(30), errors: 3 })
    expect(verdictOf(few, 'errors')).toBe('unknown')
    expect(few.verdict).toBe('pass')
    expect(few.inWords).toContain('but B has errors where A had none: too few to tell from chance')
  })

  test('fewer hits are worse by their misses, and more fallbacks are only another thing', () => {
    const reads = (hits: number, fallbacks: number) => ({ ms: times(30), reads: 2000, hits, fallbacks })
    const result = during(reads(1900, 0), reads(1700, 300))
    expect([verdictOf(result, 'hit'), verdictOf(result, 'fallback')]).toEqual(['worse', 'differs'])
    expect(verdictOf(during(reads(1900, 0), reads(1890, 0)), 'hit')).toBe('same')
  })

  test('the source that is asked more pays more', () => {
    const result = during({ ms: times(30), loads: 300 }, { ms: times(30), loads: 4000 })
    expect(verdictOf(result, 'database')).toBe('worse')
    expect(result.inWords).toContain('asks the database 400/s in the outage (instead of 30/s)')
    expect(
      verdictOf(during({ ms: times(30), loads: null }, { ms: times(30), loads: 4000 }), 'database'),
    ).toBe('unknown')
  })

  test('what got better is told behind what got worse', () => {
    const a = { ms: times(212), loads: 10 }
    const b = { ms: times(32), loads: 400 }
    expect(during(a, b).inWords).toBe(
      'B asks the database 40/s in the outage (instead of 1/s); but it saves users 196 ms p95 in the outage (35 ms instead of 231 ms).',
    )
    expect(during(b, a).verdict).toBe('fail')
    expect(during({ ms: times(212) }, { ms: times(32) }).verdict).toBe('pass')
  })
})

describe('moments', () => {
  const moments = (more: Partial<LoadMoments>) => ({
    moments: {
      firstSlowMs: 100,
      slowMs: 10,
      fallbackMs: 100,
      detectedMs: 200,
      sign: 'status: down',
      recoveredMs: 1000,
      herdFactor: 1.4,
      waitedSeconds: 30,
      ...more,
    },
  })
  const seen = { during: { ms: times(30), reads: 100, hits: 0, fallbacks: 100 } }
  const both = (more: Partial<LoadMoments>) =>
    compare(loadReport(seen, moments({})), loadReport(seen, moments(more)))

  test.each<[Partial<LoadMoments>, string, RowVerdict]>([
    [{ recoveredMs: null }, 'recovered', 'worse'],
    [{ recoveredMs: 1400 }, 'recovered', 'same'],
    [{ recoveredMs: 1750 }, 'recovered', 'worse'],
    [{ recoveredMs: 250 }, 'recovered', 'better'],
    [{ detectedMs: null }, 'detected', 'worse'],
    [{ fallbackMs: null }, 'fallback', 'worse'],
    [{ firstSlowMs: 3000 }, 'first slow', 'differs'],
    [{ herdFactor: 9 }, 'herd', 'worse'],
    [{ herdFactor: null }, 'herd', 'unknown'],
    [{ waitedSeconds: 90 }, 'waited', 'worse'],
  ])('%j', (more, metric, verdict) => expect(verdictOf(both(more), metric, 'moments')).toBe(verdict))

  test('without a fault there are none', () => {
    expect(compare(loadReport(), loadReport()).rows.some(({ where }) => where === 'moments')).toBe(false)
  })
})

describe('what proves nothing', () => {
  const sound = loadReport({ during: { ms: times(30) } })
  const slow = { during: { ms: times(300) } }

  test.each<[Partial<LoadReport>, string]>([
    [
      { verdict: 'inconclusive', reason: 'the fault never reached the subject' },
      'B was not sound: the fault',
    ],
    [{ verdict: 'inconclusive', interrupted: true, reason: 'stopped' }, 'B was interrupted'],
    [{ phases: [] }, 'B measured nothing'],
  ])('%j', (more, reason) => {
    const result = compare(sound, loadReport(slow, more))
    expect([result.verdict, result.rows, result.inWords]).toEqual(['inconclusive', [], null])
    expect(result.reason).toContain(reason)
  })

  test('a run whose SLO could not be judged is sound, and so is one whose SLO was missed', () => {
    expect(compare(sound, loadReport(slow, { verdict: 'inconclusive' })).verdict).toBe('fail')
    expect(compare(sound, loadReport(slow, { verdict: 'fail' })).verdict).toBe('fail')
  })

  test('too few operations for anything', () => {
    const few = () => loadReport({}, { phases: [phase('during', { ms: [] })] })
    expect(compare(few(), few())).toMatchObject({ verdict: 'inconclusive', inWords: null })
  })

  test('a subject that ended is worse than one that did not', () => {
    const ended = loadReport(
      { during: { ms: times(30) } },
      { verdict: 'fail', reason: 'the subject exited with 1' },
    )
    const result = compare(sound, ended)
    expect([result.verdict, result.rows[0]]).toMatchObject(['fail', { metric: 'ended', verdict: 'worse' }])
    expect(result.inWords).toContain('B ends its process')
    expect(compare(ended, sound).verdict).toBe('pass')
    expect(compare(ended, ended).verdict).toBe('pass')
  })
})

describe('another experiment is refused, each difference by its name', () => {
  test.each<[Partial<LoadReport>, string]>([
    [{ fault: 'refused' }, 'fault: stall and refused'],
    [{ ratePerSecond: 1000 }, 'rate: 200/s and 1,000/s'],
    [{ plan: { beforeMs: 5000, duringMs: 30_000, afterMs: 10_000 } }, 'plan: 5.0 s + 10.0 s + 10.0 s and'],
    [{ arrivals: 'poisson' }, 'arrivals: constant and poisson'],
  ])('%j', (more, text) => {
    const [a, b] = [loadReport(), loadReport({}, more)]
    expect(() => compare(a, b)).toThrow(UsageError)
    expect(() => compare(a, b)).toThrow(text)
    expect(compare(a, b, true).differences).toEqual([expect.stringContaining(text)])
  })

  test('another subject or seed is what it is for', () => {
    const result = compare(loadReport(), loadReport({}, { subject: 'naive-ioredis6', seed: 7 }))
    expect(result.differences).toEqual([])
  })

  test('other traffic is told', () => {
    const traffic = (limiterShare: number) => ({
      traffic: { parts: [{ name: 'conv', weight: 5, keys: 500 }], limiterShare },
    })
    const result = compare(loadReport({}, traffic(0.1)), loadReport({}, traffic(0)))
    expect(result.differences).toEqual(['traffic: other keys, or another share of each kind'])
  })
})

test('what stands in a file does nothing to a terminal', () => {
  const report = loadReport({}, { subject: '\u001b[2Jred\u0007', fault: 'x\u001b[31m' })
  expect(JSON.stringify(compare(report, report))).not.toMatch(/\\u001b|\\u0007/)
})
