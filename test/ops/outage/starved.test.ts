import { describe, expect, test } from 'vitest'
import { BUDGETS } from '../../../src/ops/outage/budgets.js'
import { judge } from '../../../src/ops/outage/judge.js'
import { excusedByMachine } from '../../../src/ops/outage/starved.js'
import { stall } from '../../../src/ops/faults/stall.js'
import type { ClauseId, ClauseResult } from '../../../src/ops/report/drill-report.js'
import { goodMeasurement, operation, vitals, withMore } from './measurements.js'

const broken = (id: ClauseId, numbers: ClauseResult['numbers'] = {}): ClauseResult => {
  return { id, title: id, result: 'fail', evidence: '', numbers }
}
const slow = (p99Ms: number, worstMs: number) => broken('C3', { pending: 0, p99Ms, worstMs })
const fewHits = (hitRatioAfter: number, firstHitMs: number | null = 50) =>
  broken('C8', { firstHitMs, watchedMs: 6000, hitRatioBefore: 0.95, hitRatioAfter })
/** Looked at ten times a second; kept from running for so much of one of them. */
const waiting = (waitedMs: number, atMs = 5000) => ({
  healAtMs: 4000,
  endMs: 10_000,
  vitals: Array.from({ length: 100 }, (_, index) =>
    vitals(index * 100, { cpuWaitMs: index * 100 < atMs ? 0 : waitedMs }),
  ),
})
/** All the time, for so large a part of it. */
const starved = (share: number) => ({
  healAtMs: 4000,
  endMs: 10_000,
  vitals: Array.from({ length: 100 }, (_, index) => vitals(index * 100, { cpuWaitMs: index * 100 * share })),
})

describe('what others on the machine may have caused proves nothing', () => {
  test.each<[string, ClauseResult[], number, boolean]>([
    ['a little too slow, and nobody was in the way', [slow(300, 400)], 0, false],
    ['a little too slow, and kept from running for longer', [slow(300, 400)], 300, true],
    ['seconds too slow, which 300 ms do not explain', [slow(3000, 3000)], 300, false],
    ['never answered', [broken('C3', { pending: 1, p99Ms: 300, worstMs: 400 })], 900, false],
    ['a first hit that came a little late', [fewHits(0.95, 5300)], 300, true],
    ['a first hit that came seconds late', [fewHits(0.95, 9000)], 300, false],
    [
      'never a hit, also with nothing wrong',
      [broken('C8', { firstHitMs: null, hitRatioBefore: 0 })],
      900,
      false,
    ],
    [
      'never a hit but one',
      [broken('C8', { firstHitMs: 20, hitRatioBefore: 0, hitRatioAfter: 0 })],
      900,
      false,
    ],
    ['an app that used its backend again a little late', [broken('C8', { usedAgainMs: 5200 })], 300, true],
    ['hits missing, and in the way for one second', [fewHits(0.6)], 900, false],
    ['no hit at all after the heal', [fewHits(0, null)], 900, false],
    ['a wrong answer, which is wrong on any machine', [broken('C2')], 900, false],
    ['slow and wrong', [slow(300, 400), broken('C9')], 900, false],
    ['slow, and late with a first hit', [slow(300, 400), fewHits(0.95, 5200)], 300, true],
    ['nothing broken', [{ ...slow(1, 1), result: 'pass' }], 900, false],
  ])('%s', (_, results, waitedMs, isExcused) => {
    const reason = excusedByMachine(results, waiting(waitedMs), BUDGETS)
    expect(reason !== null).toBe(isExcused)
  })

  test.each<[string, ClauseResult, number, boolean]>([
    ['a third of the hits missing, and kept from running for most of the time', fewHits(0.6), 0.7, true],
    ['a third of the hits missing, and kept from running as in any drill', fewHits(0.6), 0.3, false],
    ['all hits missing, which most of the time does not explain', fewHits(0.05), 0.6, false],
    [
      'never a hit but one',
      broken('C8', { firstHitMs: 20, hitRatioBefore: 0, hitRatioAfter: 0 }),
      0.9,
      false,
    ],
  ])('%s', (_, result, share, isExcused) => {
    expect(excusedByMachine([result], starved(share), BUDGETS) !== null).toBe(isExcused)
  })

  test('what was waited for before the heal explains nothing after it', () => {
    expect(excusedByMachine([fewHits(0.95, 5300)], waiting(500, 2000), BUDGETS)).toBeNull()
    expect(excusedByMachine([slow(300, 400)], waiting(500, 2000), BUDGETS)).not.toBeNull()
  })

  test('who cannot be looked at is not excused', () => {
    const unseen = { healAtMs: 0, endMs: 200, vitals: [vitals(0), vitals(100)] }
    expect(excusedByMachine([fewHits(0.6)], unseen, BUDGETS)).toBeNull()
  })

  test('waits of different seconds do not add up', () => {
    const slowly = Array.from({ length: 60 }, (_, index) => vitals(index * 100, { cpuWaitMs: index * 10 }))
    expect(
      excusedByMachine([slow(600, 600)], { healAtMs: 0, endMs: 6000, vitals: slowly }, BUDGETS),
    ).toBeNull()
  })

  test('the drill is then inconclusive, with the way out', () => {
    const late = Array.from({ length: 60 }, (_, index) =>
      operation(4100 + index, { endMs: 4100 + index + 400 }),
    )
    const measurement = withMore(late, [], {})
    expect(judge(measurement, stall).verdict).toBe('fail')
    const { vitals: waits } = waiting(500)
    const excused = judge({ ...measurement, vitals: waits }, stall)
    expect(excused).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/no processor .* 500 ms of a second.* C3.*--rate/) as string,
    })
    expect(excused.clauses.every(({ result }) => result === 'not judged')).toBe(true)
    expect(judge({ ...goodMeasurement(), vitals: waits }, stall).verdict).toBe('pass')
  })
})
