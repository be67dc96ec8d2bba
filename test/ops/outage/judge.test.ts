import { describe, expect, test } from 'vitest'
import type { Measurement } from '../../../src/ops/experiment/measurement.js'
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
    [20, 1],
    [60, 0],
    [120, 1],
  ])
})
