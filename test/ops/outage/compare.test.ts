import { describe, expect, test } from 'vitest'
import { plainTerminal } from '../../../src/cli/terminal.js'
import { drillCompareText } from '../../../src/cli/views/drill-compare.js'
import { compareReports } from '../../../src/ops/outage/compare/compare-reports.js'
import { drillCompareDigest } from '../../../src/ops/report/drill-compare-digest.js'
import type { DrillReport, OutageReport } from '../../../src/ops/report/drill-report.js'
import { writeGithub } from '../../../src/ops/report/writers/github.js'
import { writeMarkdown } from '../../../src/ops/report/writers/markdown.js'
import { failed, passed, runOf, unwitnessed } from '../records/runs.js'

const named = (drill: DrillReport, name: string): DrillReport => ({ ...drill, name })
const compare = (a: OutageReport, b: OutageReport) =>
  compareReports(
    { name: 'main', at: '2026-11-28T09:00:00.000Z', report: a },
    { name: 'branch.json', at: null, report: b },
  )
const changesIn = (report: ReturnType<typeof compare>) =>
  report.drills[0]!.clauses.filter(({ change }) => change !== 'same').map(
    ({ id, change }) => `${id} ${change}`,
  )

describe('the verdict', () => {
  test('a run compared with itself: nothing is worse', () => {
    for (const run of [runOf(passed), runOf(failed)]) {
      const report = compare(run, run)
      expect(report).toMatchObject({ verdict: 'pass', differences: [], onlyInA: [], onlyInB: [] })
      expect(report.inWords).toBe('nothing is worse in 1 drill')
    }
  })

  test('a clause that held is broken: worse', () => {
    const report = compare(runOf(passed), runOf(failed))
    // Without instances nothing is known of C5 either.
    expect(changesIn(report)).toEqual(['C3 worse', 'C5 unknown'])
    expect(report).toMatchObject({ verdict: 'fail', inWords: 'C3 of stall no longer holds' })
  })

  test('and the other way round better', () => {
    const report = compare(runOf(failed), runOf(passed))
    expect(changesIn(report)).toEqual(['C3 better', 'C5 differs'])
    expect(report).toMatchObject({ verdict: 'pass', inWords: 'nothing is worse, and stall is better' })
  })

  test('a clause that is broken in place of another: worse all the same', () => {
    const other = failed.clauses.map((clause): DrillReport['clauses'][number] =>
      clause.id === 'C3'
        ? { ...clause, result: 'pass' }
        : clause.id === 'C1'
          ? { ...clause, result: 'fail' }
          : clause,
    )
    const report = compare(runOf(failed), runOf({ ...failed, clauses: other }))
    expect(changesIn(report)).toEqual(['C1 worse', 'C3 better'])
    expect([report.verdict, report.drills[0]!.change]).toEqual(['fail', 'worse'])
  })

  test('what proves nothing, is partial, or is not judged any more, could not be told', () => {
    const open = [
      compare(runOf(passed), runOf(unwitnessed)),
      compare(runOf(unwitnessed), runOf(failed)),
      compare(runOf(passed), { ...runOf(passed), interrupted: true }),
      compare({ ...runOf(passed), stoppedBy: 'errors > 2 %' }, runOf(passed)),
      compare(runOf(passed), runOf(named(passed, 'refused'))),
      compare(
        runOf(passed),
        runOf({
          ...passed,
          clauses: passed.clauses.map((clause) =>
            clause.id === 'C7' ? { ...clause, result: 'not judged' as const } : clause,
          ),
        }),
      ),
    ]
    expect(open.map(({ verdict }) => verdict)).toEqual(open.map(() => 'inconclusive'))
    expect(open[0]!.inWords).toBe('nothing is known to be worse, but of stall it could not be told')
    expect(open[2]!.inWords).toContain('B was interrupted')
    expect(open[4]!.inWords).toBe('the two runs have no drill in common')
  })

  test('what is worse counts although the rest could not be told', () => {
    const a = runOf(passed, named(passed, 'refused'))
    expect(compare(a, runOf(failed, named(unwitnessed, 'refused'))).verdict).toBe('fail')
  })

  test('what only B judged is neither', () => {
    const less = passed.clauses.map((clause) =>
      clause.id === 'C7' ? { ...clause, result: 'not judged' as const } : clause,
    )
    const report = compare(runOf({ ...passed, clauses: less }), runOf(passed))
    expect([changesIn(report), report.verdict]).toEqual([['C7 differs'], 'pass'])
  })

  test('numbers judge nothing', () => {
    const slower = passed.phases.map((phase) => ({ ...phase, p99Ms: 10_000, errors: 99 }))
    expect(compare(runOf(passed), runOf({ ...passed, phases: slower })).verdict).toBe('pass')
  })
})

describe('what is compared', () => {
  test('drills that only one has are named, and so is what is not alike', () => {
    const a = runOf(passed, named(passed, 'refused'))
    const b = { ...runOf(passed, named(passed, 'cold')), seed: 2, ratePerSecond: 50, subject: 'library' }
    expect(compare(a, b)).toMatchObject({
      verdict: 'inconclusive',
      inWords: 'nothing is known to be worse, but B did not run refused',
      onlyInA: ['refused'],
      onlyInB: ['cold'],
      differences: ['subject: hand-made and library', 'seed: 1 and 2', 'rate: 20/s and 50/s'],
    })
  })

  test('a drill that B alone has takes nothing from it', () => {
    const more = compare(runOf(passed), runOf(passed, named(passed, 'cold')))
    expect(more).toMatchObject({ verdict: 'pass', onlyInB: ['cold'] })
  })

  test('drills of several subjects by both, and one that was run twice by its place', () => {
    const twice = compare(runOf(passed, failed), runOf(passed, failed))
    expect(twice.drills.map(({ name, change }) => [name, change])).toEqual([
      ['stall', 'same'],
      ['stall (2)', 'same'],
    ])
    const both = runOf({ ...passed, subject: 'one' }, { ...failed, subject: 'two' })
    expect(compare(both, both).drills.map(({ name }) => name)).toEqual(['one: stall', 'two: stall'])
  })

  test('numbers of each phase and of the drill; never is one of them where it was judged', () => {
    const [drill] = compare(
      runOf(passed),
      runOf({ ...passed, timeToRecoverMs: null, timeToDetectMs: 320 }),
    ).drills
    const number = (metric: string, where = 'drill') =>
      drill!.numbers.find((each) => each.metric === metric && each.where === where)
    expect(number('recover')).toMatchObject({ b: 'never', difference: null })
    expect(number('detect')).toMatchObject({ a: 120, b: 320, difference: 200 })
    expect(number('p99', 'during')).toMatchObject({ unit: 'time', difference: 0 })
  })
})

describe('what it looks like', () => {
  const report = compare(runOf(passed, named(passed, 'refused')), {
    ...runOf(failed, named(unwitnessed, 'refused'), named(passed, 'cold')),
    seed: 2,
  })

  test('as text, within 80 columns', () => {
    const text = drillCompareText(report, plainTerminal)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(text).toMatchInlineSnapshot(`
      "A        main: hand-made, seed 1, 2026-11-28 09:00 UTC
      B        branch.json: hand-made, seed 2
      load     20 operations/s, 1.0 s + 3.0 s + 6.0 s
      differ   seed: 1 and 2
      only B   cold

               drill    A     B     clauses
      worse    stall    ok    FAIL  C3 broken now; C5 not judged now
      unknown  refused  ok    skip  B proved nothing

      B        refused: the fault never reached the subject: 0 connections held

      worse    stall  C3 bounded time
      A        p99 1 ms, worst 1 ms, nothing pending of 400 operations
      B        1 of 401 operations were still waiting when the drill ended; the
               slowest answered one took 1 ms, p99 1 ms (budget 250 ms).

      unknown  stall  C5 factories return the same type
      A        HandMadeCache with Redis and during the fault, HandMadeCache
               unconfigured, each with del, get, set
      B        no instance was made for: healthy, fault, unconfigured

      drill  where   what         A      B   difference
      stall  during  pending      0      1           +1
      stall  during  hit ratio  0 %  0.8 %  +0.8 points
      note     numbers judge nothing, as one run cannot tell a difference from chance;
               all are in --json

      FAIL     C3 of stall no longer holds."
    `)
  })

  test('quiet: what is worse, and the verdict', () => {
    const text = drillCompareText(report, { ...plainTerminal, quiet: true })
    expect(text).toMatch(/^\nworse {4}stall {2}C3 bounded time\nA /)
    expect(text).toMatch(/\nFAIL {5}C3 of stall no longer holds\.$/)
  })

  test('as Markdown and annotations: an error for each clause that is broken now, and for what could not be told', () => {
    const digest = drillCompareDigest(report)
    expect(writeMarkdown(digest)).toMatch(/^## cache report compare: FAIL$/m)
    const lines = writeGithub(digest).split('\n')
    // What could not be told makes the exit code 3, and is an error, too.
    const errors = lines.filter((line) => line.startsWith('::error'))
    expect(errors.map((line) => /title=([^:]*)/.exec(line)?.[1])).toEqual(
      expect.arrayContaining([expect.stringContaining('C3')]),
    )
    expect(errors).toHaveLength(3)
  })
})
