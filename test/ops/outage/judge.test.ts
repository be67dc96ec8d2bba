import { describe, expect, test } from 'vitest'
import type { Measurement, OperationRecord } from '../../../src/ops/experiment/measurement.js'
import { judge } from '../../../src/ops/outage/judge.js'
import { stall } from '../../../src/ops/faults/stall.js'
import type { Verdict } from '../../../src/ops/report/report.js'
import { goodMeasurement, operation, withMore } from './measurements.js'

const pending = operation(2000, { endMs: null })
const unwitnessed = { witnessed: false, evidence: '0 connections held', counts: {} }
const late = goodMeasurement().operations.map((each) => ({ ...each, startMs: each.dueMs + 101 }))

const blocked = goodMeasurement().operations.map((each) =>
  each.phase === 'before' || each.process === 'second' ? each : { ...each, startMs: each.dueMs + 101 },
)

/** So many quick ones that a single one is no hundredth. */
const slowStart = (slow: OperationRecord[]) =>
  withMore([...slow, ...Array.from({ length: 200 }, (_, index) => operation(index))])

const lateInFault = goodMeasurement().operations.map((each) =>
  each.phase === 'before' ? each : { ...each, startMs: each.dueMs + 101 },
)

const rows: { when: string; measurement: Measurement; verdict: Verdict; reason?: RegExp }[] = [
  { when: 'every promise is kept', measurement: goodMeasurement(), verdict: 'pass' },
  { when: 'one clause fails', measurement: withMore([pending]), verdict: 'fail' },
  {
    when: 'the fault was not witnessed',
    measurement: goodMeasurement({ witness: unwitnessed }),
    verdict: 'inconclusive',
    reason: /never reached the subject: 0 connections held/,
  },
  {
    when: 'a clause fails but the fault was not witnessed',
    measurement: withMore([pending], [], { witness: unwitnessed }),
    verdict: 'inconclusive',
  },
  {
    when: 'it was interrupted',
    measurement: withMore([pending], [], { interruptedIn: 'during' }),
    verdict: 'inconclusive',
    reason: /interrupted in `during`/,
  },
  {
    when: 'the warm-up failed',
    measurement: goodMeasurement({ unprepared: 'reading 248 keys did not come to an end' }),
    verdict: 'inconclusive',
    reason: /248 keys/,
  },
  {
    when: 'the process ended before the fault',
    measurement: goodMeasurement({ died: 'it ended', faultAtMs: 700, healAtMs: 700, endMs: 700 }),
    verdict: 'inconclusive',
    reason: /before anything was wrong, it ended/,
  },
  {
    when: 'the process ended under the fault',
    measurement: goodMeasurement({ died: 'it ended' }),
    verdict: 'fail',
  },
  {
    when: 'records are missing',
    measurement: goodMeasurement({ incomplete: 'the main process was too busy to hand in' }),
    verdict: 'inconclusive',
    reason: /too busy to hand in/,
  },
  {
    when: 'the generator could not hold the rate',
    measurement: goodMeasurement({ operations: late }),
    verdict: 'inconclusive',
    reason: /101 ms late.*lower --rate/,
  },
  {
    when: 'only the process without Redis was late',
    measurement: goodMeasurement({ operations: blocked }),
    verdict: 'pass',
  },
  {
    when: 'operations threw before anything was wrong',
    measurement: withMore([operation(500, { kind: 'put', error: 'Error: no such table' })]),
    verdict: 'inconclusive',
    reason: /steady state does not hold: .* 1 of 41 operations threw, the first one a put: Error: no such/,
  },
  {
    when: 'what began before the fault failed because of it',
    measurement: withMore([
      operation(990, { kind: 'put', endMs: 1200, error: 'Error: read ECONNRESET' }),
      operation(995, { endMs: null }),
    ]),
    verdict: 'fail',
  },
  {
    when: 'reads answered another key before anything was wrong',
    measurement: withMore([operation(500, { foreignKey: 'drill:workload:7' })]),
    verdict: 'inconclusive',
    reason: /1 read answered another key \(drill:workload:0 got drill:workload:7\)/,
  },
  {
    when: 'it was slow before anything was wrong',
    measurement: slowStart([100, 200, 300].map((atMs) => operation(atMs, { endMs: atMs + 260 }))),
    verdict: 'inconclusive',
    reason: /1 % of operations took 260 ms or longer \(budget 250 ms\)/,
  },
  {
    when: 'a limiter could not count before anything was wrong',
    measurement: goodMeasurement({
      limiting: {
        ...goodMeasurement().limiting!,
        checks: goodMeasurement().limiting!.checks.map((each) =>
          each.startMs === 500 ? { ...each, counted: false, allowed: each.limiter === 'api' } : each,
        ),
      },
    }),
    verdict: 'inconclusive',
    reason: /the limiter api left 2 of 40 checks to its policy/,
  },
  {
    when: 'one operation of many took too long before anything was wrong',
    measurement: slowStart([operation(0, { endMs: 1001 })]),
    verdict: 'inconclusive',
    reason: /an operation took 1\.0 s \(budget 1\.0 s\)/,
  },
  {
    when: 'the rate is too low for a p99',
    measurement: goodMeasurement({
      operations: goodMeasurement().operations.filter(
        ({ phase, dueMs }) => phase !== 'during' || dueMs % 100 === 0,
      ),
      ratePerSecond: 10,
    }),
    verdict: 'inconclusive',
    reason: /only 30 operations were due .* a p99 needs 100: --rate 34, or --during 10s/,
  },
  {
    when: 'the process with the doors was late itself',
    measurement: goodMeasurement({ engineLagMs: 251 }),
    verdict: 'inconclusive',
    reason: /doors are was itself 251 ms late/,
  },
  {
    when: 'both were late, and both without Redis',
    measurement: goodMeasurement({ operations: lateInFault, metByAll: true }),
    verdict: 'pass',
  },
]

describe.each(rows)('$when', ({ measurement, verdict, reason }) => {
  const report = judge(measurement, stall)

  test(`is ${verdict}`, () => {
    expect(report.verdict).toBe(verdict)
    if (reason) expect(report.reason).toMatch(reason)
  })

  test('judges no clause when nothing can be concluded', () => {
    const judged = report.clauses.filter(({ result }) => result !== 'not judged')
    if (verdict === 'inconclusive') expect(judged).toEqual([])
    else expect(judged.length).toBeGreaterThan(0)
  })
})

test('a clause that the fault spares is not judged, and says why', () => {
  const { clauses, verdict } = judge(withMore([pending]), {
    breaks: ['C1'],
    spares: { C3: 'time stands still' },
  })
  expect(clauses.find(({ id }) => id === 'C3')).toMatchObject({
    result: 'not judged',
    evidence: 'time stands still',
  })
  expect(verdict).toBe('pass')
})

test('the times and the load of the outage', () => {
  const report = judge(goodMeasurement(), stall)
  expect(report).toMatchObject({ timeToFallbackMs: 1, timeToDetectMs: 120, timeToRecoverMs: 1 })
  // No read of the source before the fault: there is nothing to compare with.
  expect(report.sourceLoadFactor).toBeNull()
  expect(report.phases.map(({ hitRatio, operations }) => [operations, hitRatio])).toEqual([
    [40, 1],
    [120, 0],
    [240, 1],
  ])
})

test('what is broken comes with the command that shows it', () => {
  const { clauses } = judge(withMore([pending], [], { signals: [] }), stall)
  const shown = Object.fromEntries(clauses.map(({ id, finding }) => [id, finding?.show]))
  expect(shown).toMatchObject({ C3: 'cache audit --rule R11', C10: 'cache explain C10', C1: undefined })
})

test('what the options of the client make of a fault stands beside what was measured', () => {
  const clients = [
    { library: 'upstash', options: { timeoutMs: 300 } },
    { library: 'ioredis@6', options: {} },
  ] as const
  const report = judge(withMore([pending], [], { away: ['refused'], clients: [...clients] }), stall)
  expect(report.computedFallback).toMatchObject({ client: 'ioredis@6 with its defaults' })
  expect(report.computedFallback?.worstMs).toBeGreaterThan(70_000)
  expect(report.clauses.find(({ id }) => id === 'C3')?.finding?.happened).toMatch(
    /computed for ioredis@6 with its defaults: 1\d\d\.\d s \(.+\), measured: never within the drill\.$/,
  )
  expect(judge(goodMeasurement({ clients: [...clients] }), stall).computedFallback).toBeUndefined()
})
