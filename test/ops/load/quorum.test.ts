import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeHistogram } from '../../../src/ops/load/histogram.js'
import { judge, type Judgement } from '../../../src/ops/load/judge.js'
import { combine } from '../../../src/ops/load/quorum.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { runOf, TIMES } from './runs.js'

const judged = (run: LoadRun) => judge(run, [parseSlo('during.p99 < 20ms')], { maxLatenessMs: 5 })
const slow = (ms: number) =>
  judged(
    runOf(({ dueMs }) => (dueMs >= TIMES.faultAtMs && dueMs < TIMES.healAtMs ? { endMs: dueMs + ms } : {})),
  )
const good = judged(runOf())
const bad = slow(30)
const unsound = judged(runOf(undefined, { lost: 'the worker was killed by SIGKILL' }))
const dead = judged(runOf(undefined, { died: 'it ended' }))
const runs: Record<string, Judgement> = { p: good, f: bad, u: unsound, d: dead }
const combined = (letters: string, quorum: number) =>
  combine(
    [...letters].map((letter) => runs[letter]!),
    { quorum },
  )

describe('two of three', () => {
  test.each([
    ['ppp', 'pass', 'pass'],
    ['ppf', 'pass', 'pass'],
    ['fpp', 'pass', 'pass'],
    ['pff', 'fail', 'fail'],
    ['fff', 'fail', 'fail'],
    ['ppu', 'pass', 'pass'],
    // The one that was not sound could have decided either way.
    ['pfu', 'not judged', 'inconclusive'],
    ['ffu', 'fail', 'fail'],
    ['puu', 'not judged', 'inconclusive'],
    ['uuu', 'not judged', 'inconclusive'],
    // Noise is forgiven, a process that ends is none.
    ['ppd', 'pass', 'fail'],
  ])('%s', (letters, result, verdict) => {
    const judgement = combined(letters, 2)
    expect(judgement.slos.map((each) => each.result)).toEqual([result])
    expect(judgement.verdict).toBe(verdict)
    expect(judgement.repeat?.runs.map((each) => each.verdict)).toEqual(
      [...letters].map((letter) => runs[letter]!.verdict),
    )
  })
})

test('what was counted is told, and each run', () => {
  expect(combined('pfp', 2).slos[0]).toMatchObject({
    evidence: 'held in 2 of 3 runs, 2 must: got 4 ms; missed, got 30 ms; got 4 ms',
    runs: { pass: 2, fail: 1, notJudged: 0 },
    actual: 4.001,
    limit: 20,
  })
  expect(combined('pfu', 2).slos[0]).toMatchObject({
    runs: { pass: 1, fail: 1, notJudged: 1 },
    actual: null,
  })
})

test('a run that was killed is named, and its figures are not among the others', () => {
  const judgement = combined('puu', 2)
  expect(judgement.reason).toMatch(
    /^only 1 of 3 runs was sound, and 2 must hold; run 2: the worker was killed by SIGKILL.*; run 3: /,
  )
  expect(judgement.inWords).toBeNull()
  expect(judgement.phases[0]!.sent).toBe(1000)
  expect(combined('ppd', 2).reason).toBe('run 3: it ended')
  // One that was not needed stands beside the others, with its reason.
  expect(combined('upp', 2).repeat?.runs[0]!.reason).toMatch(/killed by SIGKILL/)
  expect(combined('upp', 2)).not.toHaveProperty('reason')
})

test('without SLOs, fewer sound runs than the quorum are no pass', () => {
  const bare = (judgement: Judgement) => ({ ...judgement, slos: [] })
  expect(combine([bare(good), bare(unsound)], { quorum: 2 }).verdict).toBe('inconclusive')
  expect(combine([bare(good), bare(good)], { quorum: 2 }).verdict).toBe('pass')
})

test('one run is what it was', () => {
  expect(combine([good], { quorum: 1 })).toBe(good)
})

test('the generator is as late as in the worst run', () => {
  const late = { ...good, generator: { latenessP99Ms: 4.2, limitMs: 5, unstarted: 3 } }
  expect(combine([good, late, good], { quorum: 2 }).generator).toEqual({
    latenessP99Ms: 4.2,
    limitMs: 5,
    unstarted: 3,
  })
})

test('phases are those of all sound runs added up, exactly: as if it had been one run', () => {
  const latency = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(latency, latency, (one, other) => {
      const of = (times: number[]) =>
        judged(
          runOf(({ dueMs }, index) => ({ endMs: dueMs + times[index % times.length]! }), {
            faultAtMs: 200,
            healAtMs: 400,
            endMs: 600,
          }),
        )
      const [left, right] = [of(one), of(other)]
      const both = combine([left, unsound, right], { quorum: 2 })
      both.phases.forEach((phase, index) => {
        const parts = [left.phases[index]!, right.phases[index]!]
        const expected = parts.map(({ histogram }) => decodeHistogram(histogram))
        expected[0]!.add(expected[1]!)
        expect(decodeHistogram(phase.histogram).hgrm()).toBe(expected[0]!.hgrm())
        expect(phase.sent).toBe(parts[0]!.sent + parts[1]!.sent)
        expect(phase.cpuMs).toBe(parts[0]!.cpuMs! + parts[1]!.cpuMs!)
        expect(phase.rssMaxBytes).toBe(100e6)
      })
    }),
    { numRuns: 8 },
  )
})
