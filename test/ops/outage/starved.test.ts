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
/** Looked at ten times a second; kept from running for so much of the third second. */
const waiting = (waitedMs: number) => ({
  vitals: Array.from({ length: 60 }, (_, index) =>
    vitals(index * 100, { cpuWaitMs: index * 100 < 3000 ? 0 : waitedMs }),
  ),
})

describe('what others on the machine may have caused proves nothing', () => {
  test.each<[string, ClauseResult[], number, boolean]>([
    ['a little too slow, and nobody was in the way', [slow(300, 400)], 0, false],
    ['a little too slow, and kept from running for longer', [slow(300, 400)], 300, true],
    ['seconds too slow, which 300 ms do not explain', [slow(3000, 3000)], 300, false],
    ['never answered', [broken('C3', { pending: 1, p99Ms: 300, worstMs: 400 })], 900, false],
    ['hits that did not come back', [broken('C8')], 300, true],
    ['hits that did not come back, and nobody was in the way', [broken('C8')], 50, false],
    ['a wrong answer, which is wrong on any machine', [broken('C2')], 900, false],
    ['slow and wrong', [slow(300, 400), broken('C9')], 900, false],
    ['slow, and no hits for it', [slow(300, 400), broken('C8')], 300, true],
    ['nothing broken', [{ ...slow(1, 1), result: 'pass' }], 900, false],
  ])('%s', (_, results, waitedMs, isExcused) => {
    const reason = excusedByMachine(results, waiting(waitedMs), BUDGETS)
    expect(reason !== null).toBe(isExcused)
  })

  test('who cannot be looked at is not excused', () => {
    expect(excusedByMachine([broken('C8')], { vitals: [vitals(0), vitals(100)] }, BUDGETS)).toBeNull()
  })

  test('waits of different seconds do not add up', () => {
    const slowly = Array.from({ length: 60 }, (_, index) => vitals(index * 100, { cpuWaitMs: index * 10 }))
    expect(excusedByMachine([broken('C8')], { vitals: slowly }, BUDGETS)).toBeNull()
  })

  test('the drill is then inconclusive, with the way out', () => {
    const late = Array.from({ length: 60 }, (_, index) =>
      operation(4100 + index, { endMs: 4100 + index + 400 }),
    )
    const measurement = withMore(late, [], {})
    expect(judge(measurement, stall).verdict).toBe('fail')
    const starved = judge({ ...measurement, ...waiting(500) }, stall)
    expect(starved).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/no processor .* 500 ms of a second.* C3.*--rate/) as string,
    })
    expect(starved.clauses.every(({ result }) => result === 'not judged')).toBe(true)
    expect(judge({ ...goodMeasurement(), ...waiting(500) }, stall).verdict).toBe('pass')
  })
})
