import { describe, expect, test } from 'vitest'
import { createTally, type Tally } from '../../../src/ops/load/tally.js'
import { WINDOWS, type Window, type WindowName } from '../../../src/ops/load/window.js'
import { batchOf, countsOf, type Row } from './batches.js'

const PLAN = { duringMs: 2000, afterMs: 2000, transitionMs: 500 }

/** Before until 1000, during until 3000, after until 5000, with 500 ms of transition each. */
function tallied(work: (tally: Tally) => void, later: (tally: Tally) => void = () => undefined) {
  const tally = createTally(PLAN)
  work(tally)
  tally.fault(1000)
  tally.heal(3000)
  tally.end(5000)
  later(tally)
  return tally.result()
}

const settled = (rows: readonly Row[]) =>
  tallied(
    () => undefined,
    (tally) => tally.add(batchOf(rows), 5000),
  )
const one = (row: Omit<Row, 'dueMs'>) => tallied((tally) => tally.add(batchOf([{ dueMs: 10, ...row }]), 1000))

describe('what an operation counts as', () => {
  test.each<[string, Omit<Row, 'dueMs'>, Record<string, number>]>([
    ['a hit', { is: ['hit'] }, { sent: 1, ok: 1, reads: 1, hits: 1 }],
    ['a miss', { is: ['loaded'] }, { sent: 1, ok: 1, reads: 1 }],
    [
      'an answer in place of the cache',
      { is: ['loaded', 'fallback'] },
      { sent: 1, ok: 1, reads: 1, fallbacks: 1 },
    ],
    ['a read that fails', { is: ['error'] }, { sent: 1, errors: 1 }],
    ['a write', { asked: 'put' }, { sent: 1, ok: 1 }],
    ['an invalidation that fails', { asked: 'invalidate', is: ['error'] }, { sent: 1, errors: 1 }],
    ['what never came back', { endMs: null }, { sent: 1, pending: 1 }],
    ['what was too much to begin', { startMs: null, endMs: null, is: ['refused'] }, { sent: 1, pending: 1 }],
    ['a check that says yes', { asked: 'check' }, { sent: 1, ok: 1, checks: 1 }],
    ['a check that says no', { asked: 'check', is: ['denied'] }, { sent: 1, denied: 1, checks: 1 }],
    ['a check by policy', { asked: 'check', is: ['uncounted'] }, { sent: 1, ok: 1, checks: 1, uncounted: 1 }],
    [
      'one let through too many',
      { asked: 'check', is: ['overAdmitted'] },
      { sent: 1, ok: 1, checks: 1, overAdmitted: 1 },
    ],
    ['a check that fails', { asked: 'check', is: ['error'] }, { sent: 1, errors: 1 }],
    ['429 of an app', { asked: 'request', is: ['denied'] }, { sent: 1, denied: 1 }],
    [
      '5xx of an app',
      { asked: 'request', is: ['error', 'serverError'] },
      { sent: 1, errors: 1, serverErrors: 1 },
    ],
  ])('%s', (_, row, counts) => {
    const { windows, seconds } = one(row)
    expect(countsOf(windows.before)).toEqual(counts)
    expect(countsOf(seconds[0]!.window)).toEqual(counts)
    expect(windows.before.latency.count).toBe(row.endMs === null ? 0 : 1)
    expect(windows.before.lateness.count).toBe(row.startMs === null ? 0 : 1)
  })

  test('latency counts from when it was due, lateness to when it was begun', () => {
    const { windows } = one({ startMs: 13, endMs: 60 })
    expect(windows.before.latency.maxMs).toBeCloseTo(50, 0)
    expect(windows.before.lateness.maxMs).toBeCloseTo(3, 1)
  })
})

const sentIn = (windows: Record<WindowName, Window>) =>
  Object.fromEntries(WINDOWS.map((name) => [name, windows[name].sent]).filter(([, sent]) => sent !== 0))

describe('where it counts', () => {
  test.each<[number, Record<string, number>]>([
    [0, { before: 1 }],
    [999.999, { before: 1 }],
    [1000, { during: 1, onset: 1 }],
    [1500, { during: 1, settled: 1 }],
    [2999.999, { during: 1, settled: 1 }],
    [3000, { after: 1, recovery: 1 }],
    [3500, { after: 1, recovered: 1 }],
    [4999.999, { after: 1, recovered: 1 }],
    [5000, {}],
  ])('due at %d', (dueMs, where) => {
    // Settled long after the next boundary: the answer's time does not matter.
    expect(sentIn(settled([{ dueMs, endMs: dueMs + 1500 }]).windows)).toEqual(where)
  })

  test('what is due at a boundary that is not known yet waits for it', () => {
    const tally = createTally(PLAN)
    // Begun a moment early, and in one batch with what came before it.
    tally.add(batchOf([{ dueMs: 999 }, { dueMs: 1000.2 }]), 1000)
    tally.fault(1000.1)
    tally.heal(3000)
    tally.end(5000)
    expect(sentIn(tally.result().windows)).toEqual({ before: 1, during: 1, onset: 1 })
  })

  test('a phase that ends early ends its transition, and those that never came are empty', () => {
    const tally = createTally(PLAN)
    tally.fault(1000)
    tally.add(batchOf([{ dueMs: 1100 }, { dueMs: 1250 }]), 1250)
    tally.end(1200)
    const { windows, seconds } = tally.result()
    const lengths = Object.fromEntries(WINDOWS.map((name) => [name, windows[name].durationMs]))
    expect(lengths).toEqual({
      before: 1000,
      during: 200,
      after: 0,
      onset: 200,
      settled: 0,
      recovery: 0,
      recovered: 0,
    })
    expect(sentIn(windows)).toEqual({ during: 1, onset: 1 })
    expect(seconds.map(({ phase, window }) => [phase, window.durationMs])).toEqual([
      ['before', 1000],
      ['during', 200],
    ])
  })

  test('loads and starts that were missed lie where they were', () => {
    const { windows, seconds, slots } = tallied(
      (tally) => tally.loads([-5, 0, 240, 250, 999]),
      (tally) => {
        tally.loads([1000, 4999, 5000])
        tally.unstarted([4990, 5001])
      },
    )
    expect(WINDOWS.map((name) => windows[name].loads)).toEqual([4, 1, 1, 1, 0, 0, 1])
    expect(windows.after.unstarted).toBe(1)
    expect(seconds.map(({ window }) => window.loads)).toEqual([4, 1, 0, 0, 1])
    expect(slots.map(({ loads }) => loads).slice(0, 5)).toEqual([2, 1, 0, 1, 1])
    expect(slots).toHaveLength(20)
  })

  test('what is left of a phase belongs to its last second', () => {
    const tally = createTally(PLAN)
    tally.add(batchOf([{ dueMs: 100 }, { dueMs: 1900 }, { dueMs: 2300 }]), 2400)
    tally.fault(2400)
    tally.end(2400)
    const { seconds } = tally.result()
    const told = seconds.map(({ window }) => [
      window.fromMs,
      window.durationMs,
      window.sent,
      window.latency.count,
    ])
    expect(told).toEqual([
      [0, 1000, 1, 1],
      [1000, 1400, 2, 2],
    ])
  })
})

describe('what is slow, and what comes first', () => {
  const before = Array.from({ length: 100 }, (_, index) => ({ dueMs: index * 10, endMs: index * 10 + 2 }))
  const since = (rows: Row[]) =>
    tallied(
      (tally) => tally.add(batchOf(before), 1000),
      (tally) => tally.add(batchOf(rows), 5000),
    )

  test('twice the p99 of before, and 5 ms more at least', () => {
    expect(since([]).slowMs).toBeCloseTo(7, 1)
    const slower = before.map(({ dueMs }) => ({ dueMs, endMs: dueMs + 20 }))
    expect(tallied((tally) => tally.add(batchOf(slower), 1000)).slowMs).toBeCloseTo(40, 1)
    expect(tallied(() => undefined).slowMs).toBeNull()
  })

  test('by when they were due, whatever order they came in; the unanswered are slow', () => {
    const { firstSlow, firstFallback, slots } = since([
      { dueMs: 1300, endMs: 1350, is: ['loaded', 'fallback'] },
      { dueMs: 1200, endMs: 1206, is: ['loaded', 'fallback'] },
      { dueMs: 1250, endMs: 1290 },
      { dueMs: 1100, endMs: 1105 },
    ])
    expect(firstSlow).toEqual({ dueMs: 1250, endMs: 1290 })
    expect(firstFallback).toEqual({ dueMs: 1200, endMs: 1206 })
    expect(slots.map(({ slow }) => slow)).toEqual(slots.map((_, index) => (index === 5 ? 2 : 0)))
    const later = { dueMs: 1240, endMs: 1250, is: ['loaded', 'fallback'] } as const
    const first = since([{ dueMs: 1200, endMs: 1700, is: ['loaded', 'fallback'] }, later]).firstFallback
    expect(first).toEqual({ dueMs: 1240, endMs: 1250 })
    expect(since([{ dueMs: 1200, endMs: null }]).firstSlow).toEqual({ dueMs: 1200, endMs: Infinity })
  })
})

test('what processes use is divided by time, and the most memory is of the stage in which it was seen', () => {
  const look = (atMs: number, cpuMs: number, printedBytes: number, rssBytes: number) => ({
    atMs,
    cpuMs,
    printedBytes,
    rssBytes,
    sockets: 1,
    inFlight: 0,
  })
  const { windows } = tallied(
    (tally) => tally.vitals([look(900, 500, 0, 70)]),
    (tally) => tally.vitals([look(1100, 700, 31, 90), look(1300, 800, 31, 80), look(5100, 800, 131, 500)]),
  )
  const used = ({ rssMaxBytes, cpuMs, printedBytes }: Window) => [rssMaxBytes, cpuMs, printedBytes]
  expect(used(windows.before)).toEqual([70, 100, 16])
  expect(windows.onset).toMatchObject({ rssMaxBytes: 90, cpuMs: 200 })
  expect(windows.during.rssMaxBytes).toBe(90)
  expect(tallied(() => undefined).windows.during).toMatchObject({ cpuMs: null, rssMaxBytes: null })
})
