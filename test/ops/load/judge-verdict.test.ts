import { describe, expect, test } from 'vitest'
import { createHistogram } from '../../../src/ops/load/histogram.js'
import { judge } from '../../../src/ops/load/judge.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { none } from '../../../src/ops/load/none.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import { runOf, TIMES, type Op } from './runs.js'

const good = runOf()
const judged = (run: LoadRun, ...slos: string[]) => judge(run, slos.map(parseSlo), { maxLatenessMs: 5 })

type When = (op: Op) => boolean
const before: When = ({ dueMs }) => dueMs < TIMES.faultAtMs
const during: When = ({ dueMs }) => dueMs >= TIMES.faultAtMs && dueMs < TIMES.healAtMs
const late = (when: When, byMs: number, every = 1) =>
  runOf((op, index) => (when(op) && index % every === 0 ? { startMs: op.dueMs + byMs } : {}))
const unstarted = (count: number) =>
  runOf((op, index) => (during(op) && index < 1000 + count ? { unstarted: true } : {}))
function beats(lateMs: number): LoadRun {
  const seen = createHistogram()
  for (let index = 0; index < 1000; index += 1) seen.record(index % 50 === 0 ? lateMs : 0.1)
  return { ...good, beats: seen }
}

test.each<[when: string, run: LoadRun, slos: string[], verdict: string]>([
  ['no SLO', good, [], 'pass'],
  ['all hold', good, ['during.errors == 0'], 'pass'],
  ['one missed, one not judged', good, ['during.errors > 0', 'during.p999 < 1s'], 'fail'],
  ['one holds, one not judged', good, ['during.errors == 0', 'during.p999 < 1s'], 'inconclusive'],
])('%s', (_when, run, slos, verdict) => {
  const judgement = judged(run, ...slos)
  expect(judgement.verdict).toBe(verdict)
  expect(judgement.reason).toBeUndefined()
})

describe('a run that is not sound concludes nothing, and says why and what to do', () => {
  const ended = { faultAtMs: 700, healAtMs: 700, endMs: 700 }
  test.each<[when: string, run: LoadRun, reason: string]>([
    [
      'the generator was late before the fault',
      late(before, 6),
      'operations started 6 ms late (p99, at most 5 ms), so that latency would be the generator’s: a lower --rate, or a calmer machine',
    ],
    [
      'two in a hundred were, in one phase of an app',
      { ...late(during, 26, 50), apart: true },
      'operations started 26 ms late (p99, at most 5 ms), so that latency would be the generator’s: a lower --rate, or a calmer machine',
    ],
    [
      'so they were without a fault',
      { ...late(during, 26), fault: none.name },
      'operations started 26 ms late (p99, at most 5 ms), so that latency would be the generator’s: a lower --rate, or a calmer machine',
    ],
    [
      'the machine was late',
      beats(12),
      'this machine was itself 12 ms late (p99, at most 5 ms), so that latency would be the machine’s: a lower --rate, or a calmer machine',
    ],
    [
      'starts that it could not make',
      unstarted(11),
      'only 989 of 1,000 operations could be started in `during`: a lower --rate, a calmer machine, or a subject that does not block its process',
    ],
    [
      'so for an app, which has a process of its own',
      { ...unstarted(11), apart: true },
      'only 989 of 1,000 operations could be started in `during`: a lower --rate, a calmer machine',
    ],
    [
      'a worker that was killed',
      { ...good, lost: 'the worker was killed by SIGKILL 7.0 s after the start' },
      'the worker was killed by SIGKILL 7.0 s after the start, so part of the load is missing: run it again',
    ],
    [
      'the fault was not met',
      { ...good, witness: { witnessed: false, evidence: '0 connections cut', counts: {} } },
      'the fault never reached the subject: 0 connections cut',
    ],
    ['not prepared', { ...good, unprepared: 'it was not made' }, 'it was not made'],
    ['stopped', { ...good, stoppedBy: 'errors were 60 %' }, 'stopped: errors were 60 %'],
    [
      'interrupted',
      { ...good, interruptedIn: 'during' },
      'the run was interrupted in `during`; what is shown is partial',
    ],
    [
      'dead before the fault',
      runOf(undefined, { died: 'it ended', ...ended }),
      'before anything was wrong, it ended',
    ],
  ])('%s', (_when, run, reason) => {
    const judgement = judged(run, 'during.errors == 0')
    expect(judgement.reason).toBe(reason.replaceAll('’', "'"))
    expect(judgement).toMatchObject({ verdict: 'inconclusive', inWords: null })
    expect(judgement.slos).toMatchObject([{ result: 'not judged', evidence: 'the run is not sound' }])
    expect(judgement.phases).toHaveLength(3)
  })
})

test.each<[when: string, run: LoadRun]>([
  ['a healthy one', good],
  ['starts that are late at the limit', late(before, 4.9)],
  ['one in two hundred late', late(before, 500, 200)],
  ['late starts that may be the subject’s own', late(during, 500)],
  ['a machine that is late now and then', beats(4.9)],
  ['one start in a hundred missing', unstarted(10)],
])('no doubt: %s', (_when, run) => {
  expect(judged(run, 'during.errors == 0')).toMatchObject({ verdict: 'pass', slos: [{ result: 'pass' }] })
})

test('a process that ends under the fault fails, whatever was asked', () => {
  const judgement = judged({ ...good, died: 'the process of the subject ended with exit code 1' })
  expect(judgement).toMatchObject({
    verdict: 'fail',
    reason: 'the process of the subject ended with exit code 1',
  })
})

test('what is said of the generator is of the phases that are its doing', () => {
  const slow = late(during, 26)
  expect(judged(slow).generator).toEqual({ latenessP99Ms: 0, limitMs: 5, unstarted: 0 })
  expect(judged({ ...slow, apart: true }).generator.latenessP99Ms).toBeCloseTo(26, 0)
  expect(judged(unstarted(10)).generator.unstarted).toBe(10)
})
