import { describe, expect, test } from 'vitest'
import { momentsOf } from '../../../src/ops/load/moments.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { runOf, TIMES, type Op } from './runs.js'

const { faultAtMs, healAtMs } = TIMES
const after = (change: (op: Op, index: number) => Partial<Op>, forMs = 5000) =>
  runOf((op, index) => (op.dueMs >= healAtMs && op.dueMs < healAtMs + forMs ? change(op, index) : {}))
const slowFrom = (fromMs: number) =>
  runOf(({ dueMs }) => (dueMs >= fromMs && dueMs < healAtMs ? { endMs: dueMs + 300 } : {}))

test('a fault that is borne', () => {
  expect(momentsOf(runOf())).toEqual({
    firstSlowMs: null,
    slowMs: 6,
    fallbackMs: 4,
    detectedMs: 120,
    sign: 'status: down',
    recoveredMs: 0,
    herdFactor: 1,
    waitedSeconds: expect.closeTo(3, 1),
  })
})

test('without a fault, or when the run ended before it, there are none', () => {
  expect(momentsOf(runOf(undefined, { fault: 'none' }))).toBeNull()
  expect(momentsOf(runOf(undefined, { faultAtMs: 700, healAtMs: 700, endMs: 700 }))).toBeNull()
})

test('the first slow one is told by when it was due', () => {
  expect(momentsOf(slowFrom(faultAtMs + 1500))?.firstSlowMs).toBe(1500)
  // A fault that was narrowed begins when it first does something.
  expect(momentsOf({ ...slowFrom(faultAtMs + 1500), metAtMs: faultAtMs + 1000 })?.firstSlowMs).toBe(500)
})

test('what nobody could see is null', () => {
  const blind = runOf(undefined, { hitsUnseen: true, loadsUnseen: true, firstSign: null })
  expect(momentsOf(blind)).toMatchObject({ fallbackMs: null, detectedMs: null, sign: null, herdFactor: null })
})

describe('recovered', () => {
  const every = (nth: number, change: Partial<Op>) => (_op: Op, index: number) =>
    index % nth === 0 ? change : {}
  test.each<[what: string, run: LoadRun, recoveredMs: number | null]>([
    ['misses for 1.1 s', after(() => ({ from: 'load' }), 1100), 1000],
    ['misses for 1.2 s', after(() => ({ from: 'load' }), 1200), 1250],
    ['misses to the end', after(() => ({ from: 'load' })), null],
    ['one error after 2 s', after(({ dueMs }) => (dueMs === healAtMs + 100 ? { error: true } : {})), 250],
    ['one error a second', after(every(200, { error: true })), null],
    ['one in twenty slow', after((op, index) => (index % 20 === 0 ? { endMs: op.dueMs + 50 } : {})), 0],
    ['one in ten slow', after((op, index) => (index % 10 === 0 ? { endMs: op.dueMs + 50 } : {})), null],
    ['one in ten a fallback', after(every(10, { from: 'fallback' })), null],
    ['one never answered', after(({ dueMs }) => (dueMs === healAtMs + 600 ? { endMs: null } : {})), 750],
  ])('%s', (_what, run, recoveredMs) => {
    expect(momentsOf(run)?.recoveredMs).toBe(recoveredMs)
  })

  test('hits do not matter where nobody sees them', () => {
    const blind = { ...after(() => ({ from: 'load' })), hitsUnseen: true }
    expect(momentsOf(blind)?.recoveredMs).toBe(0)
  })

  test('from the heal, which is in the middle of a slot', () => {
    expect(momentsOf(runOf(undefined, { healAtMs: 10_100 }))?.recoveredMs).toBe(150)
  })
})

test('the herd is the worst second of after', () => {
  expect(momentsOf(after(() => ({ from: 'load' }), 1000))?.herdFactor).toBe(10)
})

test('waited: all that is beyond the p99 of before, and whoever is not answered to the end of the run', () => {
  const waited = (run: LoadRun) => momentsOf(run)?.waitedSeconds
  // 1,000 operations of 300 ms, where 1 ms was usual.
  expect(waited(slowFrom(faultAtMs))).toBeCloseTo(299, 0)
  const hung = runOf(({ dueMs }) => (dueMs === faultAtMs ? { endMs: null } : {}))
  expect(waited(hung)! - waited(runOf())!).toBeCloseTo(10, 1)
  expect(waited(runOf(({ dueMs }) => (dueMs < 500 ? { endMs: null } : {})))).toBeNull()
})
