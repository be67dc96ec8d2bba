import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Batch } from '../../../../src/ops/load/generator/messages.js'
import { askedIn, OUTCOME, outcomeOf, partIn } from '../../../../src/ops/load/generator/outcome.js'
import { createRecorder } from '../../../../src/ops/load/generator/recorder.js'

const rows = ({ dueMs, startMs, endMs, outcome }: Batch) =>
  Array.from(dueMs, (due, index) => [due, startMs[index], endMs[index], outcome[index]])

describe('recorder', () => {
  test('whatever happens in whatever order: each that was due is handed in once', () => {
    const steps = fc.array(
      fc.oneof(
        fc.constant('begin' as const),
        fc.constant('take' as const),
        fc.nat().map((which) => ({ which, isNever: which % 5 === 0 })),
      ),
      { maxLength: 200 },
    )
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 8 }), (all, most) => {
        const recorder = createRecorder(most)
        const open: { place: number; due: number }[] = []
        const seen: (number | undefined)[][] = []
        let due = 0
        for (const step of all) {
          if (step === 'take') seen.push(...rows(recorder.take()))
          else if (step === 'begin') {
            due += 1
            if (recorder.hasRoom()) open.push({ place: recorder.begin(due, due + 0.5, 1), due })
            else recorder.refuse(due, 1)
          } else if (open.length > 0) {
            const [settling] = open.splice(step.which % open.length, 1)
            recorder.settle(settling!.place, 1000, step.isNever ? null : 2)
          }
          expect(recorder.inFlight()).toBe(open.length)
          expect(open.length).toBeLessThanOrEqual(most)
        }
        seen.push(...rows(recorder.take()))
        const pending = rows(recorder.pending())
        expect(new Set(pending.map(([at]) => at))).toEqual(new Set(open.map((each) => each.due)))
        expect(pending.every(([, , end, outcome]) => Number.isNaN(end) && outcome === 1)).toBe(true)
        const everything = [...seen, ...pending].map(([at]) => at as number)
        expect(everything.toSorted((a, b) => a - b)).toEqual(Array.from({ length: due }, (_, i) => i + 1))
      }),
    )
  })

  test('one that is refused was never begun and never answered, and is known by its bit', () => {
    const recorder = createRecorder(1)
    recorder.begin(1, 2, 0)
    recorder.refuse(3, outcomeOf('put', 4))
    const [[due, start, end, outcome] = []] = rows(recorder.take())
    expect([due, start, end]).toEqual([3, NaN, NaN])
    expect(outcome! & OUTCOME.refused).not.toBe(0)
    expect([askedIn(outcome!), partIn(outcome!)]).toEqual(['put', 4])
  })

  test('what settles after it was handed in as pending is not handed in again', () => {
    const recorder = createRecorder(1)
    const place = recorder.begin(1, 2, 0)
    expect(rows(recorder.pending())).toHaveLength(1)
    recorder.settle(place, 3, 0)
    expect(rows(recorder.take())).toHaveLength(0)
  })
})
