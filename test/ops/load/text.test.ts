import { describe, expect, test } from 'vitest'
import { plainTerminal } from '../../../src/cli/terminal.js'
import { loadText } from '../../../src/cli/views/load-test.js'
import { judge } from '../../../src/ops/load/judge.js'
import { parseSlo } from '../../../src/ops/load/slo/parse.js'
import type { LoadRun } from '../../../src/ops/load/load-run.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { runOf, TIMES, type Op } from './runs.js'

function reportOf(measurement: LoadRun, ...slos: string[]): LoadReport {
  const { fault, subject, seed, ratePerSecond } = measurement
  return {
    schema: 'cache.load-test/1',
    command: 'load-test',
    subject,
    fault,
    seed,
    ratePerSecond,
    plan: { beforeMs: 5000, duringMs: 5000, afterMs: 5000 },
    ...judge(measurement, slos.map(parseSlo), { maxLatenessMs: 25 }),
    environment: { server: 'redis-server 7.0.15', emulated: [] },
  }
}

const SLOS = ['during.errors==0', 'during.p99<before.p99*3', 'db.qps<before*12', 'after.p999<1s']
const good = runOf()
const hung = runOf(({ dueMs, endMs }) => {
  if (dueMs < TIMES.faultAtMs || dueMs >= TIMES.healAtMs) return {}
  return dueMs < 6000 ? { endMs: null } : { endMs: endMs! + 3000 }
})

test('a run with a fault and four SLOs', () => {
  expect(loadText(reportOf(good, ...SLOS), plainTerminal)).toMatchInlineSnapshot(`
    "subject  hand-made, 200 operations/s, seed 1
    plan     5.0 s before, 5.0 s under refused, 5.0 s after
    server   redis-server 7.0.15, of our own
    load     latency from when it was due; starts 0 ms late at p99 (limit 25 ms)
    seen     1 connection cut

    phase    sent     ok  err   p50   p90   p99   max   hit  source/s
    before  1,000  1,000    0  1 ms  1 ms  1 ms  1 ms  90 %        20
    during  1,000  1,000    0  4 ms  4 ms  4 ms  4 ms   0 %       200
    after   1,000  1,000    0  1 ms  1 ms  1 ms  1 ms  90 %        20

    time     0 s        15 s  (a cell: 1 s)
    p99      ▂▂▂▂▂█████▂▂▂▂▂  1 ms to 4 ms
    hit      █████▁▁▁▁▁█████  0 % to 90 %
    source/s ▁▁▁▁▁█████▁▁▁▁▁  20 to 200
                  ^ refused
                       ^ healed

    ok       during.errors == 0: got 0
    FAIL     during.p99 < before.p99 * 3: got 4 ms, limit 3 ms
    ok       during.db_qps < before.db_qps * 12: got 200, limit 240
    skip     after.p999 < 1s: not judged: after.p999 needs 10,000 operations, there
             were 1,000

    FAIL     4 SLOs: 2 hold, 1 missed, 1 not judged. A refused Redis costs callers
             +3 ms p95 and the source 10 x; nobody gets an error."
  `)
})

test('a run in which callers wait, in ASCII', () => {
  expect(loadText(reportOf(hung, ...SLOS), { ...plainTerminal, ascii: true })).toMatchInlineSnapshot(`
    "subject  hand-made, 200 operations/s, seed 1
    plan     5.0 s before, 5.0 s under refused, 5.0 s after
    server   redis-server 7.0.15, of our own
    load     latency from when it was due; starts 0 ms late at p99 (limit 25 ms)
    seen     1 connection cut

    phase    sent     ok  err    p50    p90    p99    max   hit  source/s
    before  1,000  1,000    0   1 ms   1 ms   1 ms   1 ms  90 %        20
    during  1,000    800    0  3.0 s  never  never  never   0 %       200
    after   1,000  1,000    0   1 ms   1 ms   1 ms   1 ms  90 %        20
             200 of 1,000 in during had no answer when the run ended

    time     0 s        15 s  (a cell: 1 s)
    p99      _____#####_____  1 ms to never
    hit      #####_____#####  0 % to 90 %
    source/s _____#####_____  20 to 200
                  ^ refused
                       ^ healed

    ok       during.errors == 0: got 0
    FAIL     during.p99 < before.p99 * 3: got never, limit 3 ms
    ok       during.db_qps < before.db_qps * 12: got 200, limit 240
    skip     after.p999 < 1s: not judged: after.p999 needs 10,000 operations, there
             were 1,000

    FAIL     4 SLOs: 2 hold, 1 missed, 1 not judged. A refused Redis costs callers
             an endless wait p95 and the source 10 x; 200 of 3,000 get no answer at
             all."
  `)
})

test('without a fault and without SLOs', () => {
  expect(loadText(reportOf({ ...good, fault: 'none' }), plainTerminal)).toMatchInlineSnapshot(`
    "subject  hand-made, 200 operations/s, seed 1
    plan     5.0 s before, 5.0 s during, 5.0 s after, all of them healthy
    server   redis-server 7.0.15, of our own
    load     latency from when it was due; starts 0 ms late at p99 (limit 25 ms)

    phase    sent     ok  err   p50   p90   p99   max   hit  source/s
    before  1,000  1,000    0  1 ms  1 ms  1 ms  1 ms  90 %        20
    during  1,000  1,000    0  4 ms  4 ms  4 ms  4 ms   0 %       200
    after   1,000  1,000    0  1 ms  1 ms  1 ms  1 ms  90 %        20

    time     0 s        15 s  (a cell: 1 s)
    p99      ▂▂▂▂▂█████▂▂▂▂▂  1 ms to 4 ms
    hit      █████▁▁▁▁▁█████  0 % to 90 %
    source/s ▁▁▁▁▁█████▁▁▁▁▁  20 to 200

    ok       Without a fault, callers wait 4 ms (p95) and the source gets 200
             reads/s; nobody gets an error."
  `)
})

test('quiet: only what does not hold, and the verdict', () => {
  expect(loadText(reportOf(good, ...SLOS), { ...plainTerminal, quiet: true })).toMatchInlineSnapshot(`
    "FAIL     during.p99 < before.p99 * 3: got 4 ms, limit 3 ms
    skip     after.p999 < 1s: not judged: after.p999 needs 10,000 operations, there
             were 1,000
    FAIL     4 SLOs: 2 hold, 1 missed, 1 not judged. A refused Redis costs callers
             +3 ms p95 and the source 10 x; nobody gets an error."
  `)
})

test('interrupted under the fault: what there is, marked as partial', () => {
  const partial = runOf(undefined, {
    interruptedIn: 'during',
    healAtMs: 7000,
    endMs: 7000,
  })
  const report = { ...reportOf(partial, ...SLOS), interrupted: true as const }
  expect(loadText(report, plainTerminal)).toMatchInlineSnapshot(`
    "subject  hand-made, 200 operations/s, seed 1
    plan     5.0 s before, 5.0 s under refused, 5.0 s after
    server   redis-server 7.0.15, of our own
    load     latency from when it was due; starts 0 ms late at p99 (limit 25 ms)
    seen     1 connection cut

    phase    sent     ok  err   p50   p90    p99   max   hit  source/s
    before  1,000  1,000    0  1 ms  1 ms   1 ms  1 ms  90 %        20
    during    400    400    0  4 ms  4 ms  ~4 ms  4 ms   0 %       200
    after       0      0    0     -     -      -     -     -         -
             ~ of too few operations to be judged

    time     0 s 7 s  (a cell: 1 s)
    p99      ▂▂▂▂▂██  1 ms to 4 ms
    hit      █████▁▁  0 % to 90 %
    source/s ▁▁▁▁▁██  20 to 200
                  ^ refused

    stopped  The run was interrupted in \`during\`; what is shown is partial."
  `)
})

test('interrupted: what was on its way is not called never, and a fault that was not yet there was not seen', () => {
  const times = { faultAtMs: 3000, healAtMs: 3000, endMs: 3000 }
  const last = ({ dueMs }: Op) => (dueMs === 2995 ? { endMs: null } : {})
  const partial = runOf(last, { interruptedIn: 'before', ...times })
  const text = loadText({ ...reportOf(partial), interrupted: true as const }, plainTerminal)
  expect(text).not.toMatch(/never|seen /)
  expect(text).toContain('1 of 600 in before was on its way when the run was stopped')
})

test('nothing at all in during: counts and no stray full stop', () => {
  const none = runOf(({ dueMs }) => (dueMs >= TIMES.faultAtMs && dueMs < TIMES.healAtMs ? null : {}))
  const report: LoadReport = { ...reportOf(none, 'during.errors==0', 'before.errors==0'), ratePerSecond: 1 }
  const { reason: _, ...conclusive } = report
  const text = loadText(
    { ...conclusive, verdict: 'inconclusive', inWords: null },
    { ...plainTerminal, width: 200 },
  )
  expect(text).toMatch(/^skip {5}Not everything could be told\. 2 SLOs: .* not judged\.$/m)
  expect(text).toContain('hand-made, 1 operation/s, seed 1')
})

describe('nothing is wider than the terminal, nor longer than a screen', () => {
  const long = {
    ...reportOf(hung, ...SLOS),
    timeline: Array.from({ length: 600 }, (_, second) => ({
      ...reportOf(good).timeline[0]!,
      atMs: second * 1000,
      phase: (['before', 'during', 'after'] as const)[Math.floor(second / 200)]!,
    })),
  }
  test.each([80, 100])('%i columns', (width) => {
    for (const line of loadText(long, { ...plainTerminal, width }).split('\n')) {
      expect([...line].length).toBeLessThanOrEqual(width)
    }
  })

  test('ASCII only when asked', () => {
    // oxlint-disable-next-line no-control-regex
    expect(loadText(long, { ...plainTerminal, ascii: true })).toMatch(/^[\u0000-\u007f]*$/)
  })
})
