import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OUTCOME } from '../../../src/ops/load/generator/outcome.js'
import { createTally, type Tally } from '../../../src/ops/load/tally.js'
import { WINDOWS } from '../../../src/ops/load/window.js'
import { batchOf, countsOf, type Row } from './batches.js'

const PLAN = { duringMs: 2000, afterMs: 2000, transitionMs: 500 }

test('whatever the batches, nothing is lost and nothing is counted twice', () => {
  const row = fc.record({
    dueMs: fc.double({ min: 0, max: 5000, noNaN: true, maxExcluded: true }),
    asked: fc.constantFrom('read', 'put', 'check', 'request'),
    is: fc.subarray(Object.keys(OUTCOME) as (keyof typeof OUTCOME)[]),
    wait: fc.option(fc.double({ min: 0, max: 3000, noNaN: true })),
  })
  const run = fc.tuple(
    fc.array(row, { maxLength: 60 }),
    fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0, max: 5000, noNaN: true }))),
    fc.array(fc.double({ min: 0, max: 8000, noNaN: true }), { maxLength: 8 }),
  )
  fc.assert(
    fc.property(run, ([drawn, limits, cuts]) => {
      const [faultAtMs, healAtMs, endMs] = limits.toSorted((left, right) => left - right) as [
        number,
        number,
        number,
      ]
      const rows = drawn.map(({ wait, ...each }) => ({
        ...each,
        asked: each.asked as NonNullable<Row['asked']>,
        endMs: wait === null ? null : each.dueMs + wait,
      }))
      const inTurn = (tally: Tally) => {
        const boundaries: [number, () => void][] = [
          [faultAtMs, () => tally.fault(faultAtMs)],
          [healAtMs, () => tally.heal(healAtMs)],
          [endMs, () => tally.end(endMs)],
        ]
        let left = rows
        // What a worker cannot have reported yet does not come in.
        for (const atMs of [...cuts, 10_000].toSorted((a, b) => a - b)) {
          while (boundaries[0] && boundaries[0][0] <= atMs) boundaries.shift()![1]()
          const ready = left.filter((each) => (each.endMs ?? 9000) <= atMs)
          left = left.filter((each) => !ready.includes(each))
          tally.add(batchOf(ready), atMs)
        }
        return tally.result()
      }
      const atOnce = (tally: Tally) => {
        tally.fault(faultAtMs)
        tally.heal(healAtMs)
        tally.end(endMs)
        tally.add(batchOf(rows), 10_000)
        return tally.result()
      }
      const parts = inTurn(createTally(PLAN))
      const whole = atOnce(createTally(PLAN))
      for (const name of WINDOWS) expect(countsOf(parts.windows[name])).toEqual(countsOf(whole.windows[name]))
      const { before, during, after, onset, settled: rest, recovery, recovered } = parts.windows
      expect(before.sent + during.sent + after.sent).toBe(rows.filter(({ dueMs }) => dueMs < endMs).length)
      for (const window of Object.values(parts.windows)) {
        expect(window.ok + window.errors + window.denied + window.pending).toBe(window.sent)
        expect(window.latency.count).toBe(window.sent - window.pending)
      }
      expect([onset.sent + rest.sent, recovery.sent + recovered.sent]).toEqual([during.sent, after.sent])
      for (const phase of ['before', 'during', 'after'] as const) {
        const own = parts.seconds.filter((each) => each.phase === phase)
        expect(own.reduce((sum, { window }) => sum + window.sent, 0)).toBe(parts.windows[phase].sent)
      }
      expect(parts.slots.reduce((sum, { sent }) => sum + sent, 0)).toBe(
        before.sent + during.sent + after.sent,
      )
    }),
    { numRuns: 60 },
  )
})
