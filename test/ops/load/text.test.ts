import { describe, expect, test } from 'vitest'
import { loadText } from '../../../src/cli/views/load-test.js'
import { plainTerminal, type Terminal } from '../../../src/cli/terminal.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { AWAY, loadReport, phase, seconds, slo, wholeReport } from './load-reports.js'

const textOf = (report: LoadReport, terminal: Partial<Terminal> = {}) =>
  loadText(report, { ...plainTerminal, ...terminal })

test('all that a run with a fault has to say', () => {
  expect(textOf(wholeReport())).toMatchInlineSnapshot(`
    "subject  library, 200 operations/s, seed 7
    plan     5.0 s before, 5.0 s under stall, 5.0 s after
    traffic  conv 50 %, auth.validation 30 %, llm.policy 10 %, conv-config 10 %;
             1,000 keys
    server   redis-server 7.0.15, of our own
    load     latency from when it was due; starts 1.2 ms late at p99 (limit 5 ms),
             none missed
    seen     400 commands held back

    users    sent     ok  err    p50     p90     p99     max
    before  1,000  1,000    0   1 ms  1.4 ms    3 ms   12 ms
    during  1,000  1,000    0  24 ms   37 ms  262 ms  290 ms
    after   1,000  1,000    0   1 ms  1.4 ms    3 ms   12 ms

    cost     hit  fallback  db q/s        rss  cpu/op  log/op
    before  90 %       0 %      20  141.0 MiB  120 us    40 B
    during   0 %     100 %     200  149.0 MiB  120 us   118 B
    after   90 %       0 %      20  141.0 MiB  120 us    40 B

    within     lasted  sent  err    p50     p99     max   hit  fallback  db q/s
    onset       2.0 s   400    0  24 ms  262 ms  290 ms   0 %     100 %     200
    settled     3.0 s   600    0  24 ms   40 ms   41 ms   0 %     100 %     200
    recovery    2.0 s   400    0   1 ms    3 ms   12 ms  90 %       0 %      20
    recovered   3.0 s   600    0   1 ms    3 ms   12 ms  90 %       0 %      20

    outage   first slow +100 ms (slow: over 8 ms); first fallback +250 ms; first
             sign +130 ms (status: down); users waited 31.4 s more in all
    heal     recovered 1.2 s after it; database at 1.4 x of before in its worst
             second (herd)

    time     0 s        15 s  (a cell: 1 s)
    p99      ▁▁▁▁▁█████▁▁▁▁▁  3 ms to 262 ms
    fallback ▁▁▁▁▁█████▁▁▁▁▁  0 % to 100 %
    hit      █████▁▁▁▁▁█████  0 % to 90 %
    db q/s   ▁▁▁▁▁█████▁▁▁▁▁  20 to 200
                  ^ stall
                       ^ healed

    ok       during.errors == 0: got 0
    FAIL     during.p99 < 250ms: got 262 ms
    skip     after.p999 < 1s: not judged: after.p999 needs 10,000 operations, there
             were 1,000

    FAIL     3 SLOs: 1 holds, 1 missed, 1 not judged. A hung Redis costs your users
             +58 ms p95 and your database 10 x; nobody gets an error."
  `)
})

test('what ~ means is said once, where it is first met', () => {
  const rough = { uncertain: ['p99', 'p999'] }
  const transitions = wholeReport().transitions?.map((each) => ({ ...each, ...rough }))
  const within = textOf(wholeReport({ transitions: transitions ?? [] }))
  expect(within).toMatch(/^recovered .*\n {9}~ of too few operations to be judged$/m)
  const phases = [phase('before', rough), phase('during', AWAY), phase('after')]
  const both = textOf(wholeReport({ transitions: transitions ?? [], phases }))
  expect(both.match(/~ of too few/g)).toHaveLength(1)
  expect(both).toMatch(/^after .*\n {9}~ of too few/m)
})

test('ASCII: the time line is of numbers, the worst of each five seconds', () => {
  expect(textOf(wholeReport(), { ascii: true })).toMatchInlineSnapshot(`
    "subject  library, 200 operations/s, seed 7
    plan     5.0 s before, 5.0 s under stall, 5.0 s after
    traffic  conv 50 %, auth.validation 30 %, llm.policy 10 %, conv-config 10 %;
             1,000 keys
    server   redis-server 7.0.15, of our own
    load     latency from when it was due; starts 1.2 ms late at p99 (limit 5 ms),
             none missed
    seen     400 commands held back

    users    sent     ok  err    p50     p90     p99     max
    before  1,000  1,000    0   1 ms  1.4 ms    3 ms   12 ms
    during  1,000  1,000    0  24 ms   37 ms  262 ms  290 ms
    after   1,000  1,000    0   1 ms  1.4 ms    3 ms   12 ms

    cost     hit  fallback  db q/s        rss  cpu/op  log/op
    before  90 %       0 %      20  141.0 MiB  120 us    40 B
    during   0 %     100 %     200  149.0 MiB  120 us   118 B
    after   90 %       0 %      20  141.0 MiB  120 us    40 B

    within     lasted  sent  err    p50     p99     max   hit  fallback  db q/s
    onset       2.0 s   400    0  24 ms  262 ms  290 ms   0 %     100 %     200
    settled     3.0 s   600    0  24 ms   40 ms   41 ms   0 %     100 %     200
    recovery    2.0 s   400    0   1 ms    3 ms   12 ms  90 %       0 %      20
    recovered   3.0 s   600    0   1 ms    3 ms   12 ms  90 %       0 %      20

    outage   first slow +100 ms (slow: over 8 ms); first fallback +250 ms; first
             sign +130 ms (status: down); users waited 31.4 s more in all
    heal     recovered 1.2 s after it; database at 1.4 x of before in its worst
             second (herd)

    second            0      5     10
    phase        before during  after
    p99 ms            3    262      3
    fallback %        0    100      0
    hit %            90      0     90
    db q/s           20    200     20
                 (a column: worst of 5 s, from the second above)

    ok       during.errors == 0: got 0
    FAIL     during.p99 < 250ms: got 262 ms
    skip     after.p999 < 1s: not judged: after.p999 needs 10,000 operations, there
             were 1,000

    FAIL     3 SLOs: 1 holds, 1 missed, 1 not judged. A hung Redis costs your users
             +58 ms p95 and your database 10 x; nobody gets an error."
  `)
})

test('quiet: only what does not hold, and the verdict', () => {
  expect(textOf(wholeReport(), { quiet: true })).toMatchInlineSnapshot(`
    "FAIL     during.p99 < 250ms: got 262 ms
    skip     after.p999 < 1s: not judged: after.p999 needs 10,000 operations, there
             were 1,000
    FAIL     3 SLOs: 1 holds, 1 missed, 1 not judged. A hung Redis costs your users
             +58 ms p95 and your database 10 x; nobody gets an error."
  `)
})

test('without a fault and without SLOs', () => {
  const phases = [phase('before'), phase('during'), phase('after')]
  const report = loadReport({
    verdict: 'pass',
    fault: 'none',
    witness: null,
    phases,
    slos: [],
    inWords:
      'Without a fault, your users wait 2 ms (p95) and your database gets 20 reads/s; nobody gets an error.',
  })
  expect(textOf(report)).toMatchInlineSnapshot(`
    "subject  library, 200 operations/s, seed 7
    plan     5.0 s before, 5.0 s during, 5.0 s after, all of them healthy
    server   redis-server 7.0.15, of our own
    load     latency from when it was due; starts 1.2 ms late at p99 (limit 5 ms),
             none missed

    users    sent     ok  err   p50     p90   p99    max
    before  1,000  1,000    0  1 ms  1.4 ms  3 ms  12 ms
    during  1,000  1,000    0  1 ms  1.4 ms  3 ms  12 ms
    after   1,000  1,000    0  1 ms  1.4 ms  3 ms  12 ms

    cost     hit  fallback  db q/s        rss  cpu/op  log/op
    before  90 %       0 %      20  141.0 MiB  120 us    40 B
    during  90 %       0 %      20  141.0 MiB  120 us    40 B
    after   90 %       0 %      20  141.0 MiB  120 us    40 B

    time     0 s        15 s  (a cell: 1 s)
    p99      ███████████████  3 ms to 3 ms
    hit      ███████████████  90 % to 90 %
    db q/s   ███████████████  20 to 20

    ok       Without a fault, your users wait 2 ms (p95) and your database gets 20
             reads/s; nobody gets an error."
  `)
})

test('an app: nobody sees its cache, its source or a running one’s memory, and no column pretends to', () => {
  const unseen = { hitRatio: null, fallbackRatio: null, loads: null, sourcePerSecond: 0 }
  const outside = { ...unseen, rssMaxBytes: null, cpuMs: null, printedBytes: null }
  const phases = [
    phase('before', outside),
    phase('during', { ...AWAY, ...outside, ok: 780, errors: 120, serverErrors: 100, denied: 100 }),
    phase('after', outside),
  ]
  const report = wholeReport({
    subject: '127.0.0.1:3000',
    inWords: 'A hung Redis costs your users +58 ms p95; 120 of 3,000 get an error.',
    phases,
    timeline: seconds(phases),
    transitions: [],
    traffic: { parts: [{ name: 'GET /api/session', weight: 1 }], limiterShare: 0 },
    moments: { ...wholeReport().moments!, fallbackMs: null, herdFactor: null, detectedMs: null, sign: null },
  })
  const text = textOf(report)
  expect(text).toMatchInlineSnapshot(`
    "subject  127.0.0.1:3000, 200 operations/s, seed 7
    plan     5.0 s before, 5.0 s under stall, 5.0 s after
    traffic  GET /api/session 100 %
    server   redis-server 7.0.15, of our own
    load     latency from when it was due; starts 1.2 ms late at p99 (limit 5 ms),
             none missed
    seen     400 commands held back

    users    sent     ok  err  5xx  429    p50     p90     p99     max
    before  1,000  1,000    0    0    0   1 ms  1.4 ms    3 ms   12 ms
    during  1,000    780  120  100  100  24 ms   37 ms  262 ms  290 ms
    after   1,000  1,000    0    0    0   1 ms  1.4 ms    3 ms   12 ms

    outage   first slow +100 ms (slow: over 8 ms); users waited 31.4 s more in all
    heal     recovered 1.2 s after it

    time     0 s        15 s  (a cell: 1 s)
    p99      ▁▁▁▁▁█████▁▁▁▁▁  3 ms to 262 ms
    errors   ▁▁▁▁▁█████▁▁▁▁▁  0 to 24
    429      ▁▁▁▁▁█████▁▁▁▁▁  0 to 20
                  ^ stall
                       ^ healed

    ok       during.errors == 0: got 0
    FAIL     during.p99 < 250ms: got 262 ms
    skip     after.p999 < 1s: not judged: after.p999 needs 10,000 operations, there
             were 1,000

    FAIL     3 SLOs: 1 holds, 1 missed, 1 not judged. A hung Redis costs your users
             +58 ms p95; 120 of 3,000 get an error."
  `)
  expect(text).not.toMatch(/fallback|db q|hit|rss/)
})

test('limiters: denied is no error, and what was let through too many is said', () => {
  const checks = { checks: 100, denied: 40, ok: 960 }
  const phases = [
    phase('before', checks),
    phase('during', { ...AWAY, checks: 100, uncounted: 100, overAdmitted: 40 }),
    phase('after', checks),
  ]
  const text = textOf(wholeReport({ phases, timeline: seconds(phases) }))
  expect(text).toMatch(/^users +sent +ok +err +429 /m)
  expect(text).toContain('limiter decided without counting: 100 of 100 in during')
  expect(text).toContain('limiter let through above its limit: 40 of 100 in during')
  expect(text).toContain('limiters 10 % of all')
  expect(text).toMatch(/limiters\s+let\s+40\s+through\s+above\s+their\s+limit/)
})

test('several runs: each has a line', () => {
  const { phases } = wholeReport()
  const report = wholeReport({
    verdict: 'pass',
    slos: [
      slo(
        'during.p99 < 300ms',
        'pass',
        'held in 2 of 4 runs, 2 must: got 262 ms; missed, got 400 ms; got 262 ms',
      ),
    ],
    repeat: {
      times: 4,
      quorum: 2,
      runs: [
        { verdict: 'pass', phases, slos: [] },
        { verdict: 'fail', phases, slos: [slo('during.p99 < 300ms', 'fail', 'got 400 ms')] },
        { verdict: 'inconclusive', phases, slos: [], reason: 'the worker was killed (SIGKILL) after 7.1 s' },
        { verdict: 'pass', phases, slos: [] },
      ],
    },
  })
  expect(textOf(report).split('\n\n').slice(-3).join('\n\n')).toMatchInlineSnapshot(`
    "runs     an SLO holds when it does in 2 of 4; phases above are of all sound runs
             together, the rest is of the first sound one
    ok       run 1: during p50 24 ms, p99 262 ms, errors 0
    FAIL     run 2: during p50 24 ms, p99 262 ms, errors 0; missed during.p99 <
             300ms
    skip     run 3: the worker was killed (SIGKILL) after 7.1 s
    ok       run 4: during p50 24 ms, p99 262 ms, errors 0

    ok       during.p99 < 300ms: held in 2 of 4 runs, 2 must: got 262 ms; missed,
             got 400 ms; got 262 ms

    ok       1 SLO: 1 holds, 0 missed, 0 not judged. A hung Redis costs your users
             +58 ms p95 and your database 10 x; nobody gets an error."
  `)
})

test('a baseline: what is no worse is one line, what is worse has its own', () => {
  const of = (text: string, result: 'pass' | 'fail' | 'not judged', evidence: string) =>
    ({ ...slo(text, result, evidence), from: 'baseline' }) as const
  const slos = [
    of('during.p50 < 31.2ms', 'pass', 'got 24 ms'),
    of('during.p95 < 29ms', 'fail', 'got 60 ms, 20 ms then'),
    of('during.p99 < 90ms', 'not judged', 'the baseline had too few operations'),
  ]
  expect(textOf(wholeReport({ slos })).split('\n\n').slice(-2).join('\n\n')).toMatchInlineSnapshot(`
    "FAIL     baseline: during.p95 < 29ms: got 60 ms, 20 ms then
    skip     baseline: during.p99 < 90ms: not judged: the baseline had too few
             operations
    ok       baseline: 1 of 3 figures no worse than then

    FAIL     Baseline: 1 worse, 1 not judged. A hung Redis costs your users +58 ms
             p95 and your database 10 x; nobody gets an error."
  `)
  expect(textOf(wholeReport({ slos }), { quiet: true })).not.toContain('no worse than then')
})

describe('runs that prove nothing', () => {
  const open = wholeReport().slos.map((each) => ({ ...each, result: 'not judged' as const }))
  test.each<[string, Partial<LoadReport>, RegExp]>([
    [
      'not sound',
      { verdict: 'inconclusive', inWords: null, reason: 'operations started 12 ms late (p99, at most 5 ms)' },
      /^skip {5}Nothing is proved\. 3 SLOs: 0 hold, 0 missed, 3 not judged\. Operations\n? /m,
    ],
    [
      'interrupted',
      {
        verdict: 'inconclusive',
        inWords: null,
        interrupted: true,
        reason: 'the run was interrupted in `during`',
      },
      /^stopped {2}The run was interrupted in `during`\.$/m,
    ],
    [
      'stopped',
      { verdict: 'inconclusive', inWords: null, reason: 'x', stoppedBy: 'errors > 2% was met after 6.1 s' },
      /^stopped {2}Errors > 2% was met after 6\.1 s\.$/m,
    ],
    [
      'died',
      { verdict: 'fail', inWords: null, reason: 'the subject ended by itself (exit code 1)' },
      /^FAIL {5}3 SLOs: .* The subject ended by\n? /m,
    ],
  ])('%s', (_name, overrides, ending) => {
    const text = textOf(wholeReport({ ...overrides, slos: open }))
    expect(text).toMatch(ending)
    // The reason is told once, and not per SLO.
    expect(text).not.toMatch(/during\.errors == 0/)
  })
})

test('several runs of which too few were sound: what is missed all the same is told', () => {
  const slos = [
    slo('during.errors == 0', 'fail', 'held in 0 of 2 runs, 2 must'),
    slo('after.p50 < 1s', 'not judged', ''),
  ]
  const text = textOf(
    wholeReport({ slos, inWords: null, reason: 'only 1 of 2 runs was sound, and 2 must hold' }),
  )
  expect(text).toMatch(/^FAIL {5}during\.errors == 0: held in 0 of 2 runs, 2 must$/m)
  expect(text).not.toContain('after.p50')
  expect(text).toMatch(/Only 1 of 2 runs was\s+sound/)
})

test('interrupted: what was on its way is not called never, and phases that never began have no times', () => {
  const phases = [
    phase('before', { pending: 1, p99Ms: null, maxMs: null, rssMaxBytes: null }),
    ...(['during', 'after'] as const).map((name) => phase(name, { ...NOTHING, durationMs: 0 })),
  ]
  const text = textOf(loadReport({ interrupted: true, phases, timeline: seconds(phases), witness: null }))
  expect(text).not.toMatch(/never|seen /)
  expect(text).toContain('on their way when the run was stopped: 1 of 1,000 in before')
  expect(text).toMatch(/^during +0 +0 +0 +- +- +- +-$/m)
})

test('nothing at all was measured', () => {
  const report = loadReport({
    verdict: 'inconclusive',
    interrupted: true,
    reason: 'the run was interrupted before its traffic began',
    phases: [],
    timeline: [],
    slos: [],
    witness: null,
    generator: { latenessP99Ms: null, limitMs: 5 },
    environment: { server: 'none', emulated: [] },
  })
  expect(textOf(report)).toMatchInlineSnapshot(`
    "subject  library, 200 operations/s, seed 7
    plan     5.0 s before, 5.0 s under stall, 5.0 s after
    server   none
    load     latency from when it was due; nothing was started

    stopped  The run was interrupted before its traffic began."
  `)
})

describe('nothing is wider than the terminal, nor longer than a screen', () => {
  const busy = {
    sent: 1_200_000,
    ok: 1_000_000,
    errors: 200_000,
    scheduled: 1_200_000,
    uncertain: [],
    p999Ms: 9000,
  }
  const phases = [
    phase('before', busy),
    phase('during', {
      ...AWAY,
      ...busy,
      denied: 100_000,
      serverErrors: 9000,
      checks: 1000,
      p99Ms: null,
      maxMs: null,
      pending: 9,
    }),
    phase('after', busy),
  ]
  const report = wholeReport({ arrivals: 'burst', phases, timeline: seconds(phases, 200) })
  test.each([
    [80, false],
    [80, true],
    [100, false],
    [120, true],
  ])('%i columns, ASCII %s', (width, ascii) => {
    const lines = textOf(report, { width, ascii }).split('\n')
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width)
    expect(lines.length).toBeLessThan(50)
    // oxlint-disable-next-line no-control-regex
    if (ascii) expect(lines.join('\n')).toMatch(/^[\u0000-\u007f]*$/)
  })
})

const NOTHING = {
  scheduled: 0,
  sent: 0,
  ok: 0,
  p50Ms: null,
  p90Ms: null,
  p95Ms: null,
  p99Ms: null,
  p999Ms: null,
  maxMs: null,
  hitRatio: null,
  fallbackRatio: null,
  reads: 0,
  hits: 0,
  loads: 0,
  sourcePerSecond: 0,
}
