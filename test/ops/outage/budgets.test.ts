import { describe, expect, test } from 'vitest'
import { refused } from '../../../src/ops/faults/refused.js'
import { supabaseDown } from '../../../src/ops/faults/supabase-down.js'
import { supabaseSlow } from '../../../src/ops/faults/supabase-slow.js'
import { upstash401 } from '../../../src/ops/faults/upstash-401.js'
import { upstash429 } from '../../../src/ops/faults/upstash-429.js'
import { upstashHang } from '../../../src/ops/faults/upstash-hang.js'
import { BUDGETS, budgetsFor } from '../../../src/ops/outage/budgets.js'
import { judge } from '../../../src/ops/outage/judge.js'
import type { Measurement, OperationRecord } from '../../../src/ops/experiment/measurement.js'
import { goodMeasurement, operation, vitals, withMore } from './measurements.js'

const resultOf = (id: string, measurement: Measurement, budgets = BUDGETS) =>
  judge(measurement, upstash401, budgets).clauses.find((clause) => clause.id === id)

/** What was slow before is a reason to doubt the drill. */
const sinceTheFault = (change: (each: OperationRecord) => OperationRecord) =>
  goodMeasurement().operations.map((each) => (each.phase === 'before' ? each : change(each)))

test('a drill on Redis has the budgets that the pages of the clauses say', () => {
  expect(budgetsFor({ protocol: 'resp' }, refused)).toEqual(BUDGETS)
})

test('what a service declares takes their place, and a fault still adds its own time', () => {
  const declared = { p99: 400, recover: 9000, hitRatioShare: 0.5 }
  expect(budgetsFor({ protocol: 'resp' }, refused, declared)).toEqual({
    ...BUDGETS,
    p99Ms: 400,
    recoverMs: 9000,
    hitRatioShare: 0.5,
  })
  expect(budgetsFor({ protocol: 'rest' }, upstash401, declared).recoverMs).toBe(
    9000 + (upstash401.looksAgainWithinMs ?? 0),
  )
  const took = goodMeasurement({
    operations: sinceTheFault((each) => ({ ...each, endMs: each.dueMs + 20 })),
  })
  expect(resultOf('C3', took)?.result).toBe('pass')
  expect(resultOf('C3', took, budgetsFor({ protocol: 'resp' }, refused, { p99: 10 }))?.result).toBe('fail')
})

describe('over REST', () => {
  const budgets = budgetsFor({ protocol: 'rest' }, upstashHang)

  test('a deadline of 300 ms fits into p99, and no longer one', () => {
    const took = (ms: number) =>
      goodMeasurement({
        operations: sinceTheFault((each) => ({ ...each, endMs: each.dueMs + ms })),
      })
    expect(resultOf('C3', took(310))?.result).toBe('fail')
    expect(resultOf('C3', took(310), budgets)?.result).toBe('pass')
    expect(resultOf('C3', took(501), budgets)?.result).toBe('fail')
  })

  test('a socket for each operation in flight is not too many, more are', () => {
    const grown = (sockets: number) =>
      goodMeasurement({
        vitals: goodMeasurement().vitals.map(({ atMs }) =>
          vitals(atMs, atMs < 1000 ? {} : { sockets: 1 + sockets }),
        ),
      })
    // 4, as on Redis, and the operations due in 2 s, and 100.
    expect(resultOf('C6', grown(184), budgets)?.result).toBe('pass')
    expect(resultOf('C6', grown(185), budgets)?.result).toBe('fail')
  })

  test('recovery has the time that it has on Redis', () => {
    expect(budgets).toMatchObject({ recoverMs: 5000, staleMs: 1000 })
  })
})

describe.each([upstash401, upstash429])('under $name', (fault) => {
  const budgets = budgetsFor({ protocol: 'rest' }, fault)
  const after = (endMs: number, overrides: Partial<Measurement> = {}) =>
    goodMeasurement({ endMs, ...overrides })
  const misses = ({ operations }: Measurement) =>
    operations.map((each) => (each.phase === 'after' ? { ...each, source: 'load' as const } : each))
  const staleAt = (atMs: number, process: 'main' | 'second', endMs: number) =>
    withMore([operation(atMs, { key: 'drill:revoked:3', group: 'revoked', process, version: 1 })], [], {
      endMs,
    })

  test('no hit in a short `after` is not judged, one that never comes fails', () => {
    const short = after(10_000, { operations: misses(goodMeasurement()) })
    expect(resultOf('C8', short, budgets)).toMatchObject({
      result: 'not judged',
      evidence: expect.stringMatching(/77\.0 s are allowed; a longer --after tells/),
    })
    expect(resultOf('C8', { ...short, endMs: 82_000 }, budgets)?.result).toBe('fail')
  })

  test('a stale answer elsewhere has a second as ever, one in the same process has not', () => {
    expect(resultOf('C9', staleAt(4900, 'second', 10_000), budgets)?.result).toBe('pass')
    expect(resultOf('C9', staleAt(5100, 'second', 10_000), budgets)?.result).toBe('fail')
    expect(resultOf('C9', staleAt(4001, 'main', 10_000), budgets)?.result).toBe('fail')
  })
})

describe('while the source of truth is what fails', () => {
  const budgets = budgetsFor({ protocol: 'resp', source: 'supabase' }, supabaseSlow)
  const took = (ms: number, source: 'hit' | 'load') =>
    withMore([2000, 2050, 2100].map((atMs) => operation(atMs, { endMs: atMs + ms, source })))

  test('who needs it may wait for its deadline and the queue before it, and no longer', () => {
    expect(resultOf('C3', took(4400, 'load'), budgets)?.result).toBe('pass')
    expect(resultOf('C3', took(5100, 'load'), budgets)?.result).toBe('fail')
  })

  test('who is answered from the cache has no longer than ever', () => {
    expect(resultOf('C3', took(600, 'hit'), budgets)).toMatchObject({
      result: 'fail',
      evidence: expect.stringMatching(/^Reads that the cache answered took 600 ms/),
    })
  })

  test('nobody has longer where nothing is waited for', () => {
    expect(budgetsFor({ protocol: 'resp', source: 'supabase' }, supabaseDown)).toMatchObject({
      worstMs: BUDGETS.worstMs,
      sourceWaitMs: 0,
    })
  })
})
