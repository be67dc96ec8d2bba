import { describe, expect, test } from 'vitest'
import type { Measurement, OperationRecord } from '../../../src/ops/experiment/measurement.js'
import { judge } from '../../../src/ops/load/judge.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import { measurementOf, TIMES } from './measurements.js'

const LATENESS_MS = 25
const good = measurementOf()
const judged = (measurement: Measurement, ...slos: string[]) =>
  judge(measurement, slos.map(parseSlo), LATENESS_MS)

/** Of the reads under the fault, the first `count`. */
const first = (count: number, change: Partial<OperationRecord>) =>
  measurementOf(({ dueMs }, index) => (dueMs >= TIMES.faultAtMs && index < 1000 + count ? change : {}))

/** Misses for a while after the heal. */
const cold = (forMs: number) =>
  measurementOf(({ dueMs }) =>
    dueMs >= TIMES.healAtMs && dueMs < TIMES.healAtMs + forMs ? { source: 'load' } : {},
  )

describe('one SLO', () => {
  const rows: [slo: string, measurement: Measurement, result: string, evidence: string][] = [
    ['during.errors == 0', good, 'pass', 'got 0'],
    ['during.errors == 0', first(3, { error: 'Error: no' }), 'fail', 'got 3'],
    ['during.error_rate < 1%', first(3, { error: 'Error: no' }), 'pass', 'got 0.3 %'],
    ['during.ok == during.sent', good, 'pass', 'got 1,000, limit 1,000'],
    ['during.p99 < before.p99 * 3', good, 'fail', 'got 4 ms, limit 3 ms'],
    ['during.p99 < max(before.p99 * 3, 50ms)', good, 'pass', 'got 4 ms, limit 50 ms'],
    ['during.p50 - before.p50 <= 3ms', good, 'pass', 'got 3 ms'],
    ['during.p50 / before.p50 < 3', good, 'fail', 'got 4'],
    // Ten of a thousand lie beyond the 99th percentile, and not in it.
    ['during.p99 < 10ms', first(10, { endMs: null }), 'pass', 'got 4 ms'],
    ['during.p99 < 10ms', first(11, { endMs: null }), 'fail', 'got never'],
    ['during.pending == 0', first(11, { endMs: null }), 'fail', 'got 11'],
    ['during.max < 1s', first(1, { endMs: null }), 'fail', 'got never'],
    ['during.errors == 0', first(11, { endMs: null }), 'pass', 'got 0'],
    ['before.hit_rate == 90%', good, 'pass', 'got 90 %'],
    ['during.hit_rate >= 0.5 * before', good, 'fail', 'got 0 %, limit 45 %'],
    ['db.qps < before * 12', good, 'pass', 'got 200, limit 240'],
    ['db.qps < before * 9', good, 'fail', 'got 200, limit 180'],
    ['after.hit_rate > 0.9 * before within 1s', good, 'pass', 'from the start, limit 81 %'],
    ['after.hit_rate > 0.9 * before within 3s', cold(2500), 'pass', 'from 3 s on, limit 81 %'],
    ['after.hit_rate > 0.9 * before within 2s', cold(2500), 'fail', 'from 3 s on, limit 81 %'],
    [
      'after.hit_rate > 0.9 * before within 5s',
      cold(5000),
      'fail',
      'not by the end of after, then 0 %, limit 81 %',
    ],
  ]
  test.each(rows)('%s → %#', (slo, measurement, result, evidence) => {
    expect(judged(measurement, slo).slos[0]).toMatchObject({
      result,
      evidence: evidence.replace('3 s on', '3.0 s on'),
    })
  })
})

describe('what cannot be judged is no pass, and says why', () => {
  const fewer = measurementOf(undefined, {
    ratePerSecond: 190,
    operations: good.operations.filter(({ dueMs }) => dueMs < 7000 || dueMs >= 7055),
  })
  const edge = measurementOf(undefined, {
    operations: good.operations.filter(({ dueMs }) => dueMs < 7000 || dueMs >= 7050),
  })
  test('but a phase may begin and end between two starts', () => {
    expect(judged(edge, 'during.p99 < 1s')).toMatchObject({ verdict: 'pass', slos: [{ result: 'pass' }] })
  })

  const rows: [slo: string, measurement: Measurement, evidence: string][] = [
    ['during.p99 < 1s', fewer, 'during.p99 needs 1,000 operations, there were 989'],
    ['during.p50 < before.p999', good, 'before.p999 needs 10,000 operations, there were 1,000'],
    [
      'after.p99 < 1s within 2s',
      good,
      'after.p99 needs 1,000 operations, there were 200 in the second that ended at 1.0 s',
    ],
    [
      'during.hit_rate >= 0',
      first(1000, { source: null }),
      'during.hit_rate needs 50 answered reads, there were 0',
    ],
    ['during.errors / before.errors < 2', good, 'it divides by zero'],
    ['during.sent / before.errors > 2', good, 'it divides by zero'],
    [
      'during.p99 < before.p99 * 3',
      measurementOf(({ dueMs }) => (dueMs < 500 ? { endMs: null } : {})),
      'its limit is an operation that was never answered',
    ],
    [
      '1s / during.p99 < 5',
      first(11, { endMs: null }),
      'it computes with an operation that was never answered',
    ],
  ]
  test.each(rows)('%s', (slo, measurement, evidence) => {
    const { verdict, slos } = judged(measurement, slo)
    expect(slos[0]).toMatchObject({ result: 'not judged', evidence, actual: null })
    expect(verdict).toBe('inconclusive')
  })
})

describe('the verdict', () => {
  const late = (process: 'main' | 'second', phase: string) => {
    const operations = [
      ...good.operations,
      ...good.operations.map((each) => ({ ...each, process: 'second' as const, group: 'revoked' as const })),
    ]
    return measurementOf(undefined, {
      operations: operations.map((each) =>
        each.process === process && each.phase === phase ? { ...each, startMs: each.dueMs + 26 } : each,
      ),
    })
  }
  const healthy = { fault: 'none', witness: { witnessed: true, evidence: 'nothing', counts: {} } }
  const lost = good.operations.filter(({ dueMs }) => dueMs < 6000 || dueMs > 6100)
  const rows: [
    when: string,
    measurement: Measurement,
    slos: string[],
    verdict: string,
    reason: RegExp | null,
  ][] = [
    ['no SLO', good, [], 'pass', null],
    ['all hold', good, ['during.errors == 0'], 'pass', null],
    ['one missed, one not judged', good, ['during.errors > 0', 'during.p999 < 1s'], 'fail', null],
    ['one holds, one not judged', good, ['during.errors == 0', 'during.p999 < 1s'], 'inconclusive', null],
    [
      'the fault was not met',
      measurementOf(undefined, { witness: { witnessed: false, evidence: '0 connections cut', counts: {} } }),
      ['during.errors > 0'],
      'inconclusive',
      /never reached the subject: 0 connections cut/,
    ],
    [
      'interrupted',
      measurementOf(undefined, { interruptedIn: 'during' }),
      [],
      'inconclusive',
      /interrupted in `during`/,
    ],
    [
      'not prepared',
      measurementOf(undefined, { unprepared: 'it was not made' }),
      [],
      'inconclusive',
      /it was not made/,
    ],
    [
      'dead before the fault',
      measurementOf(undefined, { died: 'it ended', faultAtMs: 700, healAtMs: 700, endMs: 700 }),
      [],
      'inconclusive',
      /before anything was wrong, it ended/,
    ],
    [
      'dead under the fault',
      measurementOf(undefined, { died: 'it ended' }),
      ['during.errors == 0'],
      'fail',
      /it ended/,
    ],
    [
      'late starts before the fault',
      late('main', 'before'),
      [],
      'inconclusive',
      /started 26 ms late.*lower --rate/,
    ],
    [
      'late starts of the process without the fault',
      late('second', 'after'),
      [],
      'inconclusive',
      /26 ms late/,
    ],
    ['late starts that may be the subject’s own', late('main', 'during'), [], 'pass', null],
    [
      'late starts without a fault',
      { ...late('main', 'during'), ...healthy },
      [],
      'inconclusive',
      /26 ms late/,
    ],
    [
      'starts that are missing',
      measurementOf(undefined, { operations: lost }),
      [],
      'inconclusive',
      /only 979 of 1000 operations could be started in `during`/,
    ],
    [
      'records that are missing',
      measurementOf(undefined, { incomplete: 'it was too busy' }),
      ['during.errors == 0'],
      'inconclusive',
      /it was too busy/,
    ],
  ]
  test.each(rows)('%s', (_when, measurement, slos, verdict, reason) => {
    const report = judged(measurement, ...slos)
    expect(report.verdict).toBe(verdict)
    if (reason === null) expect(report.reason).toBeUndefined()
    else expect(report.reason).toMatch(reason)
    if (reason) expect(report.slos.every(({ result }) => result === 'not judged')).toBe(true)
  })
})

test('the experiment’s own reads are not the load', () => {
  const extra = good.operations.map((each) => ({ ...each, group: 'revoked' as const, error: 'Error: no' }))
  const loads = [...good.loads, ...good.loads.map((each) => ({ ...each, key: 'drill:revoked:0' }))]
  expect(judged({ ...good, operations: [...good.operations, ...extra], loads }).phases).toEqual(
    judged(good).phases,
  )
})

test('each phase, and each second', () => {
  const { phases, timeline } = judged(good)
  expect(phases[1]).toEqual({
    name: 'during',
    durationMs: 5000,
    scheduled: 1000,
    sent: 1000,
    ok: 1000,
    errors: 0,
    pending: 0,
    p50Ms: 4,
    p90Ms: 4,
    p95Ms: 4,
    p99Ms: 4,
    p999Ms: 4,
    maxMs: 4,
    uncertain: ['p999'],
    hitRatio: 0,
    sourcePerSecond: 200,
  })
  expect(timeline.map(({ atMs, phase, sent, p99Ms }) => [atMs, phase, sent, p99Ms])).toEqual(
    Array.from({ length: 15 }, (_, second) => [
      second * 1000,
      ['before', 'during', 'after'][Math.floor(second / 5)],
      200,
      second >= 5 && second < 10 ? 4 : 1,
    ]),
  )
})

test('a second that is not whole belongs to the one before, and a timer may be early', () => {
  const { timeline } = judged({ ...good, faultAtMs: 4999.7, healAtMs: 10_500 })
  expect(timeline.map(({ durationMs }) => Math.round(durationMs))).toEqual([
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1500, 1000, 1000, 1000, 1500,
  ])
})

describe('in words', () => {
  const rows: [measurement: Measurement, words: string][] = [
    [good, 'A refused Redis costs callers +3 ms p95 and the source 10 x; nobody gets an error.'],
    [
      first(100, { error: 'Error: no' }),
      'A refused Redis costs callers +3 ms p95 and the source 10 x; 100 of 3,000 get an error.',
    ],
    [
      first(100, { endMs: null }),
      'A refused Redis costs callers an endless wait p95 and the source 10 x; 100 of 3,000 get no answer at all.',
    ],
    [
      // Nothing is loaded under the fault, and all of it when Redis is back.
      {
        ...first(1000, { source: 'hit' }),
        loads: good.loads.map((load) =>
          load.atMs >= TIMES.faultAtMs && load.atMs < TIMES.healAtMs ? { ...load, atMs: 10_100 } : load,
        ),
      },
      'A refused Redis costs callers +3 ms p95 and the source nothing, but 51 x in its worst second; nobody gets an error.',
    ],
    [
      { ...measurementOf(({ dueMs }) => ({ endMs: dueMs + 1 })), fault: 'unheard-of', loads: [] },
      'The fault unheard-of costs callers no time (1 ms p95) and the source nothing; nobody gets an error.',
    ],
    [
      { ...good, fault: 'none' },
      'Without a fault, callers wait 4 ms (p95) and the source gets 200 reads/s; nobody gets an error.',
    ],
  ]
  test.each(rows)('%#', (measurement, words) => {
    expect(judged(measurement).inWords).toBe(words)
  })
})
