import { describe, expect, test } from 'vitest'
import { judge } from '../../../src/ops/load/judge.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import { runOf, TIMES, type Op } from './runs.js'

const LATENESS_MS = 25
const good = runOf()
const judged = (run: LoadRun, ...slos: string[]) =>
  judge(run, slos.map(parseSlo), { maxLatenessMs: LATENESS_MS })

/** Of the reads under the fault, the first `count`. */
const first = (count: number, change: Partial<Op>) =>
  runOf(({ dueMs }, index) => (dueMs >= TIMES.faultAtMs && index < 1000 + count ? change : {}))

/** Misses for a while after the heal. */
const cold = (forMs: number) =>
  runOf(({ dueMs }) => (dueMs >= TIMES.healAtMs && dueMs < TIMES.healAtMs + forMs ? { from: 'load' } : {}))

describe('one SLO', () => {
  const rows: [slo: string, run: LoadRun, result: string, evidence: string][] = [
    ['during.errors == 0', good, 'pass', 'got 0'],
    ['during.errors == 0', first(3, { error: true }), 'fail', 'got 3'],
    ['during.error_rate < 1%', first(3, { error: true }), 'pass', 'got 0.3 %'],
    ['during.ok == during.sent', good, 'pass', 'got 1,000, limit 1,000'],
    ['during.p99 < before.p99 * 3', good, 'fail', 'got 4 ms, limit 3 ms'],
    ['during.p99 < max(before.p99 * 3, 50ms)', good, 'pass', 'got 4 ms, limit 50 ms'],
    ['during.p50 - before.p50 <= 3.1ms', good, 'pass', 'got 3 ms'],
    ['during.p50 / before.p50 < 3', good, 'fail', 'got 4'],
    // Ten of a thousand lie beyond the 99th percentile, and not in it.
    ['during.p99 < 10ms', first(10, { endMs: null }), 'pass', 'got 4 ms'],
    ['during.p99 < 10ms', first(11, { endMs: null }), 'fail', 'got never'],
    ['during.pending == 0', first(11, { endMs: null }), 'fail', 'got 11'],
    ['during.max < 1s', first(1, { endMs: null }), 'fail', 'got never'],
    ['during.errors == 0', first(11, { endMs: null }), 'pass', 'got 0'],
    ['before.hit_rate == 90%', good, 'pass', 'got 90 %'],
    ['during.hit_rate >= 0.5 * before', good, 'fail', 'got 0 %, limit 45 %'],
    ['db.qps < before * 12', good, 'pass', 'got 200, limit 240'],
    ['db.qps < before * 9', good, 'fail', 'got 200, limit 180'],
    ['during.worst == during.max', good, 'pass', 'got 4 ms, limit 4 ms'],
    ['during.rate > 199', good, 'pass', 'got 200'],
    ['during.rate > 199', first(10, { endMs: null }), 'fail', 'got 198'],
    ['during.denied_rate <= 1%', first(10, { denied: true }), 'pass', 'got 1 %'],
    ['during.denied == 0', first(10, { denied: true }), 'fail', 'got 10'],
    ['during.server_errors == 0', first(2, { error: true, serverError: true }), 'fail', 'got 2'],
    ['during.server_errors == 0', first(2, { error: true }), 'pass', 'got 0'],
    ['settled.fallback_rate == 100%', good, 'pass', 'got 100 %'],
    ['during.unstarted == 0', first(3, { unstarted: true }), 'fail', 'got 3'],
    ['during.over_admitted == 0', first(100, { check: 'over-admitted' }), 'fail', 'got 100'],
    ['during.uncounted_rate < 50%', first(100, { check: 'uncounted' }), 'fail', 'got 100 %'],
    ['during.rss < 120mb', good, 'pass', 'got 100 MB'],
    ['during.rss - before.rss < 1kb', good, 'pass', 'got 0 B'],
    ['during.log_bytes_per_op <= 0.04 kB', good, 'pass', 'got 40 B'],
    ['during.cpu_per_op < 0.2ms', good, 'fail', 'got 0.3 ms'],
    ['onset.p95 < settled * 2', good, 'pass', 'got 4 ms, limit 8 ms'],
    ['recovered.hit_rate == before', good, 'pass', 'got 90 %, limit 90 %'],
    // What is shown alike and is not is shown in full.
    ['during.p50 <= 4ms', good, 'fail', 'got 4.001 ms, limit 4 ms'],
    ['during.fallback < 10ms', good, 'pass', 'got 4 ms'],
    ['during.detect < 100ms', good, 'fail', 'got 120 ms'],
    ['during.first_slow > 1s', good, 'pass', 'got never'],
    ['during.waited < 4s', good, 'pass', 'got 3.0 s'],
    ['after.recover < 1s', good, 'pass', 'got 0 ms'],
    ['after.recover < 1s', cold(2500), 'fail', 'got 2.5 s'],
    ['after.recover < 10s', cold(5000), 'fail', 'got never'],
    ['after.herd <= 1', good, 'pass', 'got 1'],
    ['after.herd < 9', cold(1000), 'fail', 'got 10'],
    ['after.hit_rate > 0.9 * before within 1s', good, 'pass', 'from the start, limit 81 %'],
    ['after.hit_rate > 0.9 * before within 3s', cold(2500), 'pass', 'from 3 s on, limit 81 %'],
    ['after.hit_rate > 0.9 * before within 2s', cold(2500), 'fail', 'from 3 s on, limit 81 %'],
    [
      'after.hit_rate > 0.9 * before within 5s',
      cold(5000),
      'fail',
      'not by the end of after, then 0 %, limit 81 %',
    ],
  ]
  test.each(rows)('%s → %#', (slo, run, result, evidence) => {
    expect(judged(run, slo).slos[0]).toMatchObject({
      result,
      evidence: evidence.replace('3 s on', '3.0 s on'),
    })
  })
})
