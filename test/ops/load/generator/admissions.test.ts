import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countAdmissions } from '../../../../src/ops/load/generator/admissions.js'

const WINDOW_MS = 100

/** Checks that were asked and answered around the instant at which each was decided. */
const checks = fc.array(fc.record({ gapMs: fc.nat(40), beforeMs: fc.nat(30), afterMs: fc.nat(30) }), {
  minLength: 1,
  maxLength: 80,
})

test('accuses no limiter that keeps its limit in every window, however long questions and answers take', () => {
  fc.assert(
    fc.property(checks, fc.integer({ min: 1, max: 20 }), (all, limit) => {
      let decidedMs = 1000
      const admittedMs: number[] = []
      const seen = all.flatMap(({ gapMs, beforeMs, afterMs }) => {
        decidedMs += gapMs
        const within = admittedMs.filter((each) => each > decidedMs - WINDOW_MS).length
        if (within >= limit) return []
        admittedMs.push(decidedMs)
        return [{ beginMs: decidedMs - beforeMs, answerMs: decidedMs + afterMs }]
      })
      const admissions = countAdmissions({ limit, windowMs: WINDOW_MS })
      // They are counted as they are answered.
      const over = seen
        .toSorted((left, right) => left.answerMs - right.answerMs)
        .filter(({ beginMs, answerMs }) => admissions.admitted(1, beginMs, answerMs))
      expect(over).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test.each([1, 3, 8, 9, 40])(
  'of a limiter of %i that admits all, everything beyond the limit is over',
  (limit) => {
    const admissions = countAdmissions({ limit, windowMs: WINDOW_MS })
    const over = Array.from({ length: 3 * limit }, (_, index) => {
      const beginMs = (index * WINDOW_MS) / (4 * limit)
      return admissions.admitted(1, beginMs, beginMs + 1e-3)
    })
    expect(over).toEqual(Array.from({ length: 3 * limit }, (_, index) => index >= limit))
  },
)

test('the window slides, and each caller has one of his own', () => {
  const admissions = countAdmissions({ limit: 2, windowMs: WINDOW_MS })
  const over = (identifier: number, atMs: number) => admissions.admitted(identifier, atMs, atMs)
  expect([over(1, 0), over(1, 60), over(2, 61)]).toEqual([false, false, false])
  expect([over(1, 99), over(1, 170), over(2, 171)]).toEqual([true, false, false])
})
