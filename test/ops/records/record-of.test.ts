import { describe, expect, test } from 'vitest'
import { stall } from '../../../src/ops/faults/stall.js'
import { judge } from '../../../src/ops/outage/judge.js'
import { watchFaultSpans } from '../../../src/ops/records/fault-spans.js'
import { recordOf, type RunFacts } from '../../../src/ops/records/record-of.js'
import type { JournalRun, RunRecord } from '../../../src/ops/report/run-record.js'
import { goodMeasurement } from '../outage/measurements.js'
import { failed, loadRun, passed, runOf, unsteady, unwitnessed } from './runs.js'

const at = (second: number) => new Date(Date.UTC(2026, 10, 29, 2, 10, second)).toISOString()
const facts: RunFacts = {
  id: '20261129T021000Z-stall-3f9a2c',
  startedAt: at(0),
  endedAt: at(30),
  platform: 'Linux-6.1.0-x86_64',
  node: 'ci-1',
  spans: [{ beganAt: at(2), faultAt: at(4), healAt: at(10) }],
}
const recorded = (report: Parameters<typeof recordOf>[0], more: Partial<RunFacts> = {}) =>
  recordOf(report, { ...facts, ...more })!

// What the specification of Chaos Toolkit says a journal MUST have ("Experiment Journal", "Experiment").
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

function checkRun({ activity, status, start, end, duration, output }: JournalRun): void {
  expect(activity).toEqual({
    type: expect.stringMatching(/^(action|probe)$/),
    name: expect.any(String),
    provider: { type: 'process', path: expect.any(String), arguments: expect.any(Object) },
    ...(activity.tolerance !== undefined && { tolerance: 'pass' }),
  })
  expect(['succeeded', 'failed']).toContain(status)
  for (const time of [start, end]) expect(time).toMatch(RFC3339)
  expect(duration).toBeCloseTo((Date.parse(end) - Date.parse(start)) / 1000, 3)
  expect(output === null || typeof output === 'string').toBe(true)
}

function checkJournal(record: RunRecord): void {
  expect(['completed', 'failed', 'aborted', 'interrupted']).toContain(record.status)
  for (const time of [record.start, record.end]) expect(time).toMatch(RFC3339)
  expect(record.duration).toBe((Date.parse(record.end) - Date.parse(record.start)) / 1000)
  expect(typeof record.deviated).toBe('boolean')
  expect([typeof record.platform, typeof record.node]).toEqual(['string', 'string'])
  const { experiment, steady_states, run, rollbacks } = record
  expect([experiment.version, typeof experiment.title, typeof experiment.description]).toEqual([
    '1.0.0',
    'string',
    'string',
  ])
  expect(experiment.method.length).toBeGreaterThan(0)
  for (const { type } of experiment.rollbacks) expect(type).toBe('action')
  for (const probe of experiment['steady-state-hypothesis'].probes) expect(probe.tolerance).toBe('pass')
  expect(steady_states.during).toEqual([])
  for (const state of [steady_states.before, steady_states.after]) {
    if (state === null) continue
    expect(state.steady_state_met).toBe(state.probes.every(({ tolerance_met }) => tolerance_met))
    for (const probe of state.probes) {
      checkRun(probe)
      // A scalar tolerance is met by an output that is equal to it.
      expect(probe.tolerance_met).toBe(probe.output === probe.activity.tolerance)
    }
  }
  for (const each of [...run, ...rollbacks]) checkRun(each)
}

describe('drills', () => {
  test('that pass: completed, and the steady state before and after', () => {
    const record = recorded(runOf(passed))
    checkJournal(record)
    expect(record).toMatchObject({
      status: 'completed',
      deviated: false,
      duration: 30,
      report: runOf(passed),
    })
    expect(record.run).toMatchObject([
      {
        activity: { type: 'action', name: 'apply stall' },
        start: at(4),
        end: at(10),
        duration: 6,
        status: 'succeeded',
      },
    ])
    expect(record.rollbacks).toMatchObject([{ activity: { name: 'lift stall' }, start: at(10), end: at(10) }])
    expect(record.steady_states.before).toMatchObject({
      steady_state_met: true,
      probes: [{ start: at(2), end: at(4), output: 'pass' }],
    })
    const judged = passed.clauses.filter(({ result }) => result !== 'not judged')
    expect(record.steady_states.after?.probes).toHaveLength(judged.length)
  })

  test('that fail: deviated', () => {
    const record = recorded(runOf(failed))
    checkJournal(record)
    expect(record).toMatchObject({ status: 'failed', deviated: true })
    const c3 = record.steady_states.after?.probes.find(({ activity }) => activity.name.includes('C3'))
    expect(c3).toMatchObject({
      tolerance_met: false,
      output: 'fail',
      evidence: expect.stringContaining('waiting'),
    })
  })

  test('whose fault nobody saw: it was not applied, and nothing is known of the steady state', () => {
    const record = recorded(runOf(unwitnessed))
    checkJournal(record)
    expect(record).toMatchObject({
      status: 'completed',
      deviated: false,
      steady_states: { before: null, after: null },
    })
    expect(record.run).toMatchObject([{ status: 'failed', output: '0 connections held' }])
  })

  test('whose subject was not well before: failed, and not deviated', () => {
    const record = recorded(runOf(unsteady))
    checkJournal(record)
    expect(record).toMatchObject({ status: 'failed', deviated: false, steady_states: { after: null } })
    expect(record.steady_states.before).toMatchObject({
      steady_state_met: false,
      probes: [{ evidence: expect.stringContaining('no such host') }],
    })
  })

  test('ended early: by a signal, by a condition, before the heal or the fault', () => {
    const interrupted = recorded(
      { ...runOf(unwitnessed), interrupted: true },
      { spans: [{ ...facts.spans[0]!, healAt: null }] },
    )
    checkJournal(interrupted)
    expect(interrupted).toMatchObject({ status: 'interrupted', run: [{ start: at(4), end: at(30) }] })
    const stopped = recorded({ ...runOf(unwitnessed), stoppedBy: 'errors > 2 %' }, { spans: [] })
    checkJournal(stopped)
    expect(stopped).toMatchObject({ status: 'aborted', run: [], rollbacks: [] })
  })

  test('that measured nothing leave no record', () => {
    expect(recordOf(runOf(), facts)).toBeNull()
  })
})

describe('load tests', () => {
  test('apply their fault once in each run; SLOs are the steady state after', () => {
    const slo = { slo: 'during.p99 < 1ms', evidence: 'got 3 ms', actual: 3, limit: 1, heldFromMs: null }
    const report = { ...loadRun(), slos: [{ ...slo, result: 'fail' as const }] }
    const record = recorded(report, {
      spans: [...facts.spans, { beganAt: at(12), faultAt: at(14), healAt: at(20) }],
    })
    checkJournal(record)
    expect(record).toMatchObject({ status: 'failed', deviated: true, steady_states: { before: null } })
    expect(record.run.map(({ start, end }) => [start, end])).toEqual([
      [at(4), at(10)],
      [at(14), at(20)],
    ])
  })

  test('without a fault and without SLOs', () => {
    const record = recorded({ ...loadRun(), fault: 'none', witness: null, slos: [] })
    checkJournal(record)
    expect(record).toMatchObject({
      status: 'completed',
      rollbacks: [],
      steady_states: { before: null, after: null },
    })
    expect(recordOf({ ...loadRun(), phases: [] }, facts)).toBeNull()
  })
})

test('what went wrong afterwards is not part of what was measured', () => {
  const error = {
    kind: 'environment' as const,
    code: 'OUTPUT_NOT_WRITTEN',
    message: 'disk full',
    suggestions: [],
  }
  expect(recorded({ ...runOf(passed), error }).report).toEqual(runOf(passed))
})

test('when phases begin is noted by the wall clock', () => {
  let second = 0
  const { hear, spans } = watchFaultSpans(() => new Date(at(second++)))
  for (const phase of ['warm-up', 'before', 'during', 'after', 'warm-up', 'before'])
    hear({ type: 'phase', phase })
  expect(spans).toEqual([
    { beganAt: at(1), faultAt: at(2), healAt: at(3) },
    { beganAt: at(5), faultAt: null, healAt: null },
  ])
})

test('a drill that was never ready has a span without times, and the next one has its own', () => {
  let second = 0
  const { hear, spans } = watchFaultSpans(() => new Date(at(second++)))
  for (const type of ['drill', 'judged', 'drill']) hear({ type })
  for (const phase of ['warm-up', 'before', 'during', 'after']) hear({ type: 'phase', phase })
  hear({ type: 'judged' })
  expect(spans).toEqual([
    { beganAt: null, faultAt: null, healAt: null },
    { beganAt: at(4), faultAt: at(5), healAt: at(6) },
  ])
  const unprepared = judge(goodMeasurement({ unprepared: 'it never connected' }), stall)
  expect(unprepared.verdict).toBe('inconclusive')
  const record = recorded(runOf(unprepared, passed), { spans })
  checkJournal(record)
  expect(record.run.map(({ start, end }) => [start, end])).toEqual([[at(5), at(6)]])
  expect(record.rollbacks).toHaveLength(1)
  expect(record.steady_states.before?.probes.map(({ start, end }) => [start, end])).toEqual([[at(4), at(5)]])
})
