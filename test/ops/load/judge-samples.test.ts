import { describe, expect, test } from 'vitest'
import { judge } from '../../../src/ops/load/judge.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { none } from '../../../src/ops/load/none.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import { runOf, TIMES, type Op } from './runs.js'

const good = runOf()
const judged = (run: LoadRun, ...slos: string[]) => judge(run, slos.map(parseSlo), { maxLatenessMs: 25 })

/** Of the reads under the fault, the first `count`. */
const first = (count: number, change: Partial<Op>) =>
  runOf(({ dueMs }, index) => (dueMs >= TIMES.faultAtMs && index < 1000 + count ? change : {}))

describe('what cannot be judged is no pass, and says why', () => {
  const without = (untilMs: number) =>
    runOf(({ dueMs }) => (dueMs >= 7000 && dueMs < untilMs ? { unstarted: true } : {}))
  const short = runOf(undefined, { faultAtMs: 5100 })
  const edge = without(7050)
  test('but a phase may begin and end between two starts', () => {
    expect(judged(edge, 'during.p99 < 1s')).toMatchObject({ verdict: 'pass', slos: [{ result: 'pass' }] })
  })

  const rows: [slo: string, run: LoadRun, evidence: string][] = [
    ['during.p99 < 1s', short, 'during.p99 needs 1,000 operations, there were 980'],
    ['onset.p99 < 1s', good, 'onset.p99 needs 1,000 operations, there were 200'],
    ['during.p50 < before.p999', good, 'before.p999 needs 10,000 operations, there were 1,000'],
    [
      'after.p99 < 1s within 2s',
      good,
      'after.p99 needs 1,000 operations, there were 200 in the second that ended at 1.0 s',
    ],
    [
      'during.hit_rate >= 0',
      first(1000, { from: 'none' }),
      'during.hit_rate needs 50 answered reads, there were 0',
    ],
    ['during.errors / before.errors < 2', good, 'it divides by zero'],
    ['during.sent / before.errors > 2', good, 'it divides by zero'],
    [
      'during.p99 < before.p99 * 3',
      runOf(({ dueMs }) => (dueMs < 500 ? { endMs: null } : {})),
      'its limit is a time that never ended',
    ],
    ['1s / during.p99 < 5', first(11, { endMs: null }), 'it computes with a time that never ended'],
  ]
  const unseen = runOf(undefined, { hitsUnseen: true, loadsUnseen: true, firstSign: null })
  for (const window of [...Object.values(unseen.windows), ...unseen.seconds.map((each) => each.window)]) {
    Object.assign(window, { rssMaxBytes: null, cpuMs: null, printedBytes: null })
  }
  const healthy = runOf(undefined, { fault: none.name })
  const brief = runOf(undefined, { endMs: 10_900 })
  const fewBefore = runOf(undefined, { faultAtMs: 4000 })
  rows.push(
    [
      'during.hit_rate > 1%',
      unseen,
      'during.hit_rate cannot be seen: nobody knows which answers come from its cache',
    ],
    [
      'during.fallback < 1s',
      unseen,
      'during.fallback cannot be seen: nobody knows which answers come from its cache',
    ],
    ['db.qps < 100', unseen, 'during.db_qps cannot be seen: nobody counts how often it asks its source'],
    ['after.herd < 2', unseen, 'after.herd cannot be seen: nobody counts how often it asks its source'],
    ['during.rss < 1gb', unseen, 'during.rss cannot be seen: its processes are not ours'],
    ['during.cpu_per_op < 1s', unseen, 'during.cpu_per_op cannot be seen: its processes are not ours'],
    ['during.detect < 1s', unseen, 'during.detect cannot be seen: nobody reads what it logs, or its status'],
    ['during.over_admitted == 0', good, 'during.over_admitted needs 1 question to a limiter, there were 0'],
    ['onset.p50 < 1s', healthy, 'onset.p50 is told of a run with a fault'],
    ['after.recover < 1s', healthy, 'after.recover is told of a run with a fault'],
    [
      'after.recover < 1s',
      brief,
      'after.recover cannot be seen: after has no whole second that could be well',
    ],
    ['during.waited < 1s', fewBefore, 'during.waited needs 1,000 operations, there were 800 in before'],
    [
      'after.herd < 2',
      runOf(({ dueMs }) => (dueMs < TIMES.faultAtMs ? { from: 'hit' } : {})),
      'after.herd is not known: the source was not asked in before',
    ],
    [
      'during.waited < 2s',
      runOf(({ dueMs }) => (dueMs < 500 ? { endMs: null } : {})),
      'during.waited is not known: the p99 of before is endless',
    ],
  )
  test.each(rows)('%s', (slo, run, evidence) => {
    const { verdict, slos } = judged(run, slo)
    expect(slos[0]).toMatchObject({ result: 'not judged', evidence, actual: null })
    expect(verdict).toBe('inconclusive')
  })
})
