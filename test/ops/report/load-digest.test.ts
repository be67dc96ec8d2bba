import { describe, expect, test } from 'vitest'
import { digestSuite } from '../../../src/ops/report/digest-suite.js'
import { loadDigest } from '../../../src/ops/report/load-digest.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { writeGithub } from '../../../src/ops/report/writers/github.js'
import { writeMarkdown } from '../../../src/ops/report/writers/markdown.js'
import { loadReport, phase, seconds, slo, wholeReport } from '../load/load-reports.js'

const casesOf = (report: LoadReport) =>
  digestSuite(loadDigest(report)).cases.map(({ group, name, result, message }) => [
    group,
    name,
    result,
    ...(message === undefined ? [] : [message]),
  ])

test('as tests: one for each promise, and one for whether the run can be trusted', () => {
  expect(casesOf(wholeReport())).toEqual([
    ['load-test', 'RUN the run was sound', 'passed'],
    ['load-test.slo', 'SLO-1 during.errors == 0', 'passed'],
    ['load-test.slo', 'SLO-2 during.p99 < 250ms', 'failed', 'FAIL: got 262 ms'],
    [
      'load-test.slo',
      'SLO-3 after.p999 < 1s',
      'error',
      'skip: not judged: after.p999 needs 10,000 operations, there were 1,000',
    ],
  ])
})

test('a run without SLOs is one test, not none', () => {
  const report = loadReport({ slos: [], verdict: 'pass' })
  expect(casesOf(report)).toEqual([['load-test', 'RUN the run was sound', 'passed']])
})

describe('a run that proves nothing is an error, told once', () => {
  const slos = [slo('during.errors == 0', 'not judged', 'the run is not sound')]
  test.each<[string, Partial<LoadReport>, string, string]>([
    ['late', { reason: 'operations started 12 ms late' }, 'error', 'skip: operations started 12 ms late'],
    ['stopped', { reason: 'x', stoppedBy: 'errors > 2% was met' }, 'error', 'skip: errors > 2% was met'],
    ['interrupted', { interrupted: true, reason: 'interrupted' }, 'error', 'skip: interrupted'],
    ['died', { verdict: 'fail', reason: 'its process ended' }, 'failed', 'FAIL: its process ended'],
  ])('%s', (_name, overrides, result, message) => {
    const cases = casesOf(loadReport({ verdict: 'inconclusive', inWords: null, slos, ...overrides }))
    expect(cases[0]).toEqual(['load-test', 'RUN the run was sound', result, message])
    expect(cases[1]?.[2]).toBe('skipped')
  })
})

test('figures of the baseline are tests of their own', () => {
  const slos = [{ ...slo('during.p95 < 29ms', 'fail', 'got 60 ms'), from: 'baseline' as const }]
  expect(casesOf(loadReport({ slos }))[1]).toEqual([
    'load-test.baseline',
    'BASE-1 during.p95 < 29ms',
    'failed',
    'FAIL: got 60 ms',
  ])
})

test('as Markdown: verdict, facts, a table of phases, and what does not hold', () => {
  expect(writeMarkdown(loadDigest(wholeReport()))).toMatchInlineSnapshot(`
    "## cache load-test: FAIL

    **3 SLOs: 1 holds, 1 missed, 1 not judged. A hung Redis costs your users +58 ms p95 and your database 10 x; nobody gets an error.**

    - subject: library, 200 operations/s, constant, seed 7
    - plan: 5 s before, 5 s under stall, 5 s after
    - server: redis-server 7.0.15
    - witness: 400 commands held back
    - moments: first slow after 100 ms; first fallback after 250 ms; first sign after 130 ms (status: down); recovered 1.2 s after the heal; herd 1.4 x

    | phase | sent | ok | errors | p50 ms | p90 ms | p99 ms | max ms | hit % | fallback % | db q/s | RSS MiB | CPU µs/op | log B/op |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | before | 1000 | 1000 | 0 | 1 | 1.4 | 3 | 12 | 90 | 0 | 20 | 141 | 120 | 40 |
    | during | 1000 | 1000 | 0 | 24 | 37 | 262 | 290 | 0 | 100 | 200 | 149 | 120 | 118 |
    | after | 1000 | 1000 | 0 | 1 | 1.4 | 3 | 12 | 90 | 0 | 20 | 141 | 120 | 40 |
    | onset | 400 | 1000 | 0 | 24 | 37 | 262 | 290 | 0 | 100 | 200 | 149 | 300 | 295 |
    | settled | 600 | 1000 | 0 | 24 | 37 | 40 | 41 | 0 | 100 | 200 | 149 | 200 | 197 |
    | recovery | 400 | 1000 | 0 | 1 | 1.4 | 3 | 12 | 90 | 0 | 20 | 141 | 300 | 100 |
    | recovered | 600 | 1000 | 0 | 1 | 1.4 | 3 | 12 | 90 | 0 | 20 | 141 | 200 | 67 |

    | | id | what | finding |
    | --- | --- | --- | --- |
    | FAIL | SLO-2 | during.p99 &lt; 250ms | got 262 ms |
    | skip | SLO-3 | after.p999 &lt; 1s | not judged: after.p999 needs 10,000 operations, there were 1,000 |

    <details><summary>2 ok</summary>

    | | id | what | finding |
    | --- | --- | --- | --- |
    | ok | RUN | the run was sound | starts 1.2 ms late at p99 |
    | ok | SLO-1 | during.errors == 0 | got 0 |

    </details>
    "
  `)
})

test('columns of what nobody could see, and of what never was, are left out', () => {
  const unseen = {
    hitRatio: null,
    fallbackRatio: null,
    loads: null,
    rssMaxBytes: null,
    cpuMs: null,
    printedBytes: null,
  }
  const phases = [
    phase('before', unseen),
    phase('during', { ...unseen, pending: 3, p99Ms: null }),
    phase('after', unseen),
  ]
  const [table] = loadDigest(loadReport({ phases, timeline: seconds(phases) })).tables ?? []
  expect(table?.columns.join(' ')).toBe('phase sent ok errors unanswered p50 ms p90 ms p99 ms max ms')
  expect(table?.rows[1]).toEqual(['during', '1000', '1000', '0', '3', '1', '1.4', 'never', '12'])
})

test('as annotations: what is missed is an error, what holds is silent', () => {
  const text = writeGithub(loadDigest(wholeReport()))
  expect(text).toContain('::error title=SLO-2 during.p99 < 250ms::FAIL: got 262 ms')
  expect(text).not.toContain('SLO-1')
  expect(text).toMatch(
    /^cache load-test: FAIL: 3 SLOs: 1 holds, 1 missed, 1 not judged\. A hung Redis .*\n$/m,
  )
})

test('what a server or an app said is no markup, and begins no command', () => {
  const evil = '| <img src=x> ::error::@all [a](b)'
  const report = wholeReport({
    subject: evil,
    witness: { witnessed: true, evidence: evil, counts: {} },
    moments: { ...wholeReport().moments!, sign: evil },
    slos: [slo('during.errors == 0', 'fail', evil)],
  })
  const markdown = writeMarkdown(loadDigest(report))
  expect(markdown).not.toMatch(/<img|(?<!\\)\[a\]|@all/)
  for (const line of markdown.split('\n').filter((each) => each.startsWith('| FAIL'))) {
    expect(line.match(/(?<!\\)\|/g)).toHaveLength(5)
  }
  expect(writeGithub(loadDigest(report)).match(/^::/gm)).toHaveLength(1)
})
