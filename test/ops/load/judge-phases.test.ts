import { expect, test } from 'vitest'
import { decodeHistogram } from '../../../src/ops/load/histogram.js'
import { judge } from '../../../src/ops/load/judge.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { runOf } from './runs.js'

const judged = (run: LoadRun) => judge(run, [], { maxLatenessMs: 25 })

test('each phase, with everything that it was computed from', () => {
  const { phases } = judged(runOf())
  const { histogram, ...during } = phases[1]!
  expect(during).toEqual({
    name: 'during',
    durationMs: 5000,
    scheduled: 1000,
    sent: 1000,
    ok: 1000,
    errors: 0,
    pending: 0,
    p50Ms: 4.001,
    p90Ms: 4.001,
    p95Ms: 4.001,
    p99Ms: 4.001,
    p999Ms: 4.001,
    maxMs: 4.001,
    uncertain: ['p999'],
    hitRatio: 0,
    fallbackRatio: 1,
    sourcePerSecond: 200,
    unstarted: 0,
    denied: 0,
    serverErrors: 0,
    reads: 1000,
    hits: 0,
    fallbacks: 1000,
    loads: 1000,
    checks: 0,
    uncounted: 0,
    overAdmitted: 0,
    rssMaxBytes: 100e6,
    cpuMs: 250,
    printedBytes: 40_000,
  })
  expect(decodeHistogram(histogram).count).toBe(1000)
})

test('and each second', () => {
  expect(judged(runOf()).timeline.map(({ atMs, phase, sent, p99Ms }) => [atMs, phase, sent, p99Ms])).toEqual(
    Array.from({ length: 15 }, (_, second) => [
      second * 1000,
      ['before', 'during', 'after'][Math.floor(second / 5)],
      200,
      second >= 5 && second < 10 ? 4.001 : 1,
    ]),
  )
})

test('the parts of the phases that follow a change, which there are only with a fault', () => {
  const { transitions, moments } = judged(runOf())
  expect(transitions?.map(({ name, sent }) => [name, sent])).toEqual([
    ['onset', 200],
    ['settled', 800],
    ['recovery', 200],
    ['recovered', 800],
  ])
  expect(moments).toMatchObject({ fallbackMs: 4 })
  expect(judged(runOf(undefined, { fault: 'none' }))).not.toHaveProperty('transitions')
  expect(judged(runOf(undefined, { fault: 'none' }))).not.toHaveProperty('moments')
})

test('what nobody could see is null, and not nought', () => {
  const [before] = judged(runOf(undefined, { hitsUnseen: true, loadsUnseen: true })).phases
  expect(before).toMatchObject({ hitRatio: null, fallbackRatio: null, loads: null })
})

test('a percentile among the unanswered is no number', () => {
  const { phases } = judged(runOf(({ dueMs }) => (dueMs < 100 ? { endMs: null } : {})))
  expect(phases[0]).toMatchObject({ p50Ms: 1, p99Ms: null, maxMs: null, pending: 20, ok: 980 })
})
