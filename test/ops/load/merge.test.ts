import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHistogram, decodeHistogram } from '../../../src/ops/load/histogram.js'
import { mergeReports, sameSeed } from '../../../src/ops/load/merge.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import { digestSuite } from '../../../src/ops/report/digest-suite.js'
import type { UsageError } from '../../../src/ops/report/errors.js'
import type { LoadMoments, LoadReport, LoadSecond } from '../../../src/ops/report/load-report.js'
import { loadDigest } from '../../../src/ops/report/load-digest.js'
import { writeJunit } from '../../../src/ops/report/writers/junit.js'
import { loadReport, phase, saved, type Seen } from './saved-reports.js'

const merge = (reports: LoadReport[], slos: string[] = []): LoadReport =>
  mergeReports(
    reports.map((report, at) => saved(report, `${at}.json`)),
    slos.map(parseSlo),
  )

const during = (seen: Seen, more: Partial<LoadReport> = {}) => loadReport({ during: seen }, more)

const MOMENTS: LoadMoments = {
  firstSlowMs: 100,
  slowMs: 10,
  fallbackMs: 120,
  detectedMs: 200,
  sign: 'status: down',
  recoveredMs: 1000,
  herdFactor: 1.4,
  waitedSeconds: 12,
}

const second = (at: number, phaseName: LoadSecond['phase'], seen: Seen): LoadSecond => {
  const { sent, errors, pending, denied, reads, hits, fallbacks, loads, histogram } = phase('during', seen)
  const rest = { p99Ms: 1, hitRatio: 1, sourcePerSecond: 1, fallbackRatio: null }
  const counts = { sent, errors, pending, denied, reads, hits, fallbacks, loads, histogram }
  return { phase: phaseName, atMs: at * 1000, durationMs: 1000, ...rest, ...counts }
}

describe('histograms', () => {
  const PARTS = [0, 1, 2, 3]
  const values = fc.array(
    fc.record({
      ms: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.double({ min: 0, max: 20_000, noNaN: true })),
      part: fc.nat(3),
    }),
    { minLength: 1, maxLength: 200 },
  )
  const seenBy = (ms: number[], seed: number) => loadReport({}, { phases: [phase('during', { ms })], seed })
  /** Its range, which is no value of it, as that of a sum is. */
  const alone = (text: string) => {
    const histogram = createHistogram()
    histogram.add(decodeHistogram(text))
    return histogram.encode()
  }

  test('of any split are those of the whole, exactly, in any order, and merged again', () => {
    fc.assert(
      fc.property(values, (all) => {
        const whole = phase('during', { ms: all.map(({ ms }) => ms) })
        const parts = PARTS.map((seed) =>
          seenBy(
            all.flatMap(({ ms, part }) => (part === seed ? [ms] : [])),
            seed,
          ),
        )
        const merged = merge(parts)
        const [seen] = merged.phases
        expect(seen!.histogram).toBe(alone(whole.histogram))
        expect([seen!.sent, merged.merged]).toEqual([all.length, 4])
        expect(merge([...parts].reverse())).toEqual(merged)
        const [a, b, c, d] = parts as [LoadReport, LoadReport, LoadReport, LoadReport]
        expect(merge([merge([a, b]), merge([c, d])])).toEqual(merged)
        expect(merge([merge([c, a, d]), b])).toEqual(merged)
      }),
      { numRuns: 25 },
    )
  })

  test('percentiles are of all values, and no mean of percentiles', () => {
    const [fast, slow] = [Array.from({ length: 900 }, () => 1), Array.from({ length: 100 }, () => 100)]
    const merged = merge([during({ ms: fast }), during({ ms: slow }, { seed: 2 })])
    expect(merged.phases[1]!.p50Ms).toBeCloseTo(1, 1)
    expect(merged.phases[1]!.p95Ms).toBeCloseTo(100, 0)
  })
})

describe('counts', () => {
  test('are added, rates of them computed anew, and what a process used is that of all or of the largest', () => {
    const seen = {
      ms: [1, 2, 3],
      errors: 1,
      denied: 1,
      pending: 1,
      reads: 2,
      hits: 1,
      fallbacks: 1,
      loads: 20,
    }
    const merged = merge([during(seen), during({ ms: [5], reads: 2, hits: 2, loads: 10 }, { seed: 2 })])
    expect(merged).toMatchObject({ ratePerSecond: 400, seed: 1, merged: 2 })
    expect(merged.phases[1]).toMatchObject({
      sent: 5,
      ok: 2,
      errors: 1,
      denied: 1,
      pending: 1,
      reads: 4,
      hits: 3,
      hitRatio: 0.75,
      fallbackRatio: 0.25,
      loads: 30,
      sourcePerSecond: 3,
      durationMs: 10_000,
      rssMaxBytes: 100_000_000,
      cpuMs: 1,
    })
  })

  test('what one generator did not see is not known of the whole', () => {
    const merged = merge([during({ ms: [1], loads: 5 }), during({ ms: [1], loads: null }, { seed: 2 })])
    expect(merged.phases[1]!.loads).toBeNull()
  })
})

describe('the time line', () => {
  test('is aligned at the start of each phase, and added up exactly', () => {
    const one = [second(0, 'before', { ms: [1, 1] }), second(5, 'during', { ms: [9, 9, 9], errors: 1 })]
    const two = [
      second(0.2, 'before', { ms: [1] }),
      second(5.4, 'during', { ms: [200], reads: 4, hits: 1, loads: 3 }),
    ]
    const { timeline } = merge([
      loadReport({}, { timeline: one }),
      loadReport({}, { timeline: two, seed: 2 }),
    ])
    expect(timeline).toMatchObject([
      { phase: 'before', atMs: 0, sent: 3, errors: 0 },
      { phase: 'during', atMs: 5000, sent: 4, errors: 1, hitRatio: 0.25, sourcePerSecond: 3 },
    ])
    expect(timeline[1]!.p99Ms).toBeCloseTo(200, 0)
    expect(decodeHistogram(timeline[1]!.histogram!).count).toBe(4)
  })

  test('a second more of one generator belongs to the last one', () => {
    const three = [0, 1, 2].map((at) => second(at, 'before', { ms: [1] }))
    const { timeline } = merge([
      loadReport({}, { timeline: three }),
      loadReport({}, { timeline: three.slice(0, 2), seed: 2 }),
    ])
    expect(timeline.map(({ sent, durationMs }) => [sent, durationMs])).toEqual([
      [2, 1000],
      [3, 2000],
    ])
  })

  test('there is none where a part has no counts to add', () => {
    const { histogram: _histogram, ...old } = second(0, 'before', { ms: [1] })
    const parts = [loadReport({}, { timeline: [old] }), loadReport({}, { timeline: [old], seed: 2 })]
    expect(merge(parts).timeline).toEqual([])
  })
})

test('of the firsts the first, of the recovery the last, and what was waited in all', () => {
  const other = { ...MOMENTS, firstSlowMs: 50, detectedMs: 90, sign: 'log', recoveredMs: 4000, herdFactor: 9 }
  const parts = (b: LoadMoments) => [
    loadReport({}, { moments: MOMENTS }),
    loadReport({}, { moments: b, seed: 2 }),
  ]
  expect(merge(parts(other)).moments).toEqual({
    ...other,
    fallbackMs: 120,
    waitedSeconds: 24,
  })
  expect(merge(parts({ ...other, recoveredMs: null })).moments!.recoveredMs).toBeNull()
  expect(merge(parts({ ...other, detectedMs: null, sign: null })).moments).toMatchObject({
    detectedMs: 200,
    sign: 'status: down',
  })
})

describe('the verdict', () => {
  const ms = Array.from({ length: 2000 }, (_, at) => at / 100)
  const parts = (more: Partial<LoadReport> = {}) => [during({ ms }), during({ ms }, { seed: 2, ...more })]

  test('SLOs are judged anew, on the whole', () => {
    const merged = merge(parts(), ['during.p99 < 250ms', 'during.p99 < 10ms', 'during.sent == 4000'])
    expect([merged.verdict, merged.slos.map(({ result }) => result)]).toEqual([
      'fail',
      ['pass', 'fail', 'pass'],
    ])
    // A thousand operations are enough for p99 together, though five hundred are not.
    const few = ms.slice(0, 600)
    const both = [during({ ms: few }), during({ ms: few }, { seed: 2 })]
    expect(merge(both, ['during.p99 < 250ms']).verdict).toBe('pass')
  })

  test('a promise second by second is judged on the seconds added up', () => {
    const timeline = [second(5, 'during', { ms, errors: 1 }), second(6, 'during', { ms })]
    const line = (seed: number) => during({ ms }, { seed, timeline })
    const [slo] = merge([line(1), line(2)], ['during.errors == 0 within 1s']).slos
    expect(slo).toMatchObject({ result: 'pass', heldFromMs: 1000 })
  })

  test('without any it is the worst of the parts', () => {
    expect(merge(parts()).verdict).toBe('pass')
    expect(merge(parts({ verdict: 'fail' })).verdict).toBe('fail')
    expect(merge(parts({ verdict: 'fail' })).inWords).toMatch(/^of the parts, 1\.json missed SLOs of its own/)
    expect(merge(parts({ verdict: 'inconclusive' })).inWords).toMatch(
      /^of the parts, 1\.json could not judge SLOs of its own/,
    )
    expect(merge(parts()).inWords ?? '').not.toContain('of its own')
    // Or CI would read a green file beside exit code 1.
    expect(writeJunit(digestSuite(loadDigest(merge(parts({ verdict: 'fail' })))))).toContain('failures="1"')
    expect(merge(parts({ verdict: 'inconclusive' })).verdict).toBe('inconclusive')
    expect(merge(parts({ verdict: 'fail' }), ['during.p99 < 250ms']).verdict).toBe('pass')
  })

  test.each<[Partial<LoadReport>, string]>([
    [{ verdict: 'inconclusive', reason: 'the generator was late' }, '1.json: the generator was late'],
    [{ verdict: 'inconclusive', interrupted: true, reason: 'x' }, '1.json was interrupted, and is partial'],
  ])('one that was not sound makes the whole inconclusive, by its name', (more, reason) => {
    const merged = merge(parts(more), ['during.p99 < 250ms'])
    expect([merged.verdict, merged.reason, merged.inWords]).toEqual(['inconclusive', reason, null])
    expect(merged.slos.map(({ result }) => result)).toEqual(['not judged'])
  })

  test('a subject that ended fails the whole', () => {
    const merged = merge(parts({ verdict: 'fail', reason: 'the subject exited with 1' }))
    expect([merged.verdict, merged.reason]).toEqual(['fail', '1.json: the subject exited with 1'])
  })
})

describe('what cannot be merged is refused', () => {
  const code = (reports: LoadReport[]): [string, string] => {
    try {
      merge(reports)
      return ['merged', '']
    } catch (error) {
      return [(error as UsageError).code, (error as UsageError).message]
    }
  }

  test('one report alone, and the same one twice', () => {
    expect(code([loadReport()])[0]).toBe('NOTHING_TO_MERGE')
    expect(code([loadReport(), loadReport()])).toEqual([
      'MERGED_TWICE',
      '0.json and 1.json are one and the same report, which would count twice.',
    ])
  })

  test.each<[Partial<LoadReport>, string]>([
    [{ subject: 'naive-ioredis6' }, 'subject: library and naive-ioredis6'],
    [{ fault: 'refused' }, 'fault: stall and refused'],
    [{ arrivals: 'burst' }, 'arrivals: constant and burst'],
    [{ plan: { beforeMs: 1, duringMs: 1, afterMs: 1 } }, 'plan:'],
    [{ traffic: { parts: [], limiterShare: 0.5 } }, 'traffic'],
  ])('another experiment: %j', (more, text) => {
    const [found, message] = code([loadReport(), loadReport({}, { seed: 2, ...more })])
    expect(found).toBe('NOT_THE_SAME_EXPERIMENT')
    expect(message).toContain(text)
  })

  test('runs that were one after the other', () => {
    const repeat = { times: 3, quorum: 2, runs: [] }
    expect(code([loadReport(), loadReport({}, { seed: 2, repeat })])[0]).toBe('MERGE_OF_REPEATED')
  })

  test('another rate is what it is for, and one seed twice is told', () => {
    const parts = [loadReport(), during({ ms: [7] }, { ratePerSecond: 50 })]
    expect(merge(parts).ratePerSecond).toBe(250)
    expect(sameSeed(parts.map((part, at) => saved(part, `${at}.json`)))).toContain(
      '0.json and 1.json have the seed 1',
    )
  })
})

test('what a witness counted is added up by its name, whatever that is', () => {
  const counts = JSON.parse('{"requestsHeld": 2, "constructor": 3, "__proto__": 4}') as Record<string, number>
  const witness = { witnessed: true, evidence: '', counts }
  const merged = merge([loadReport({}, { witness }), loadReport({}, { witness, seed: 2 })]).witness?.counts
  expect(merged?.['requestsHeld']).toBe(4)
  expect(merged?.['constructor']).toBe(6)
})

test('a second that holds other answers than it counts is refused', () => {
  const lying = { ...second(0, 'during', { ms: [1, 2] }), sent: 5 }
  const parts = [loadReport({}, { timeline: [lying] }), loadReport({}, { timeline: [lying], seed: 2 })]
  expect(() => merge(parts)).toThrow(
    'timeline[0] contradicts itself: 5 operations were answered, and its histogram holds 2',
  )
})
