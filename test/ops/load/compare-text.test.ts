import { describe, expect, test } from 'vitest'
import { plainTerminal } from '../../../src/cli/terminal.js'
import { compareText } from '../../../src/cli/views/load-compare.js'
import { compareReports } from '../../../src/ops/load/compare.js'
import { digestSuite } from '../../../src/ops/report/digest-suite.js'
import { compareDigest } from '../../../src/ops/report/load-compare-digest.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { writeGithub } from '../../../src/ops/report/writers/github.js'
import { writeMarkdown } from '../../../src/ops/report/writers/markdown.js'
import { loadReport, phase, saved, type Seen } from './saved-reports.js'

const times = (ms: number, many = 2000) => Array.from({ length: many }, (_, at) => ms * (1 + (at % 10) / 100))
const reads = (hits: number, loads: number) => ({ reads: 1800, hits, fallbacks: 1800 - hits, loads })

const MOMENTS = {
  firstSlowMs: 100,
  slowMs: 10,
  fallbackMs: 100,
  detectedMs: 200,
  sign: 'status: down',
  recoveredMs: 1000,
  herdFactor: 1.4,
  waitedSeconds: 12,
}

const run = (during: Seen, more: Partial<LoadReport> = {}) =>
  loadReport(
    { before: { ms: times(6), ...reads(1700, 300) }, during, after: { ms: times(6), ...reads(1700, 300) } },
    { transitions: [phase('onset', during)], moments: MOMENTS, ...more },
  )

const library = run({ ms: times(30), ...reads(0, 4000) })
const naive = run(
  { ms: times(212, 1500), pending: 500, reads: 1300, hits: 0, fallbacks: 0, loads: 1500 },
  {
    subject: 'naive-ioredis6',
    moments: { ...MOMENTS, recoveredMs: null, detectedMs: null, waitedSeconds: 900 },
  },
)

const compare = (a: LoadReport, b: LoadReport) =>
  compareReports(saved(a, 'a.json'), saved(b, 'b.json'), {
    allowance: { factor: 1.3, floorMs: 5 },
    anyway: false,
  })

describe('text', () => {
  const text = compareText(compare(library, naive), plainTerminal)

  test('what is worse comes first, then what is better, and the verdict last', () => {
    expect(text).toMatchInlineSnapshot(`
      "load     fault stall, 200/s constant, 5.0 s + 10.0 s + 10.0 s
      A        library, seed 1 (a.json)
      B        naive-ioredis6, seed 1 (b.json)
      allowed  1.3 x, or 5 ms more, and what chance can do (95 %)

               where    what            A       B       difference
      worse    during   pending       0 %    25 %       +25 points
      worse    during   p95         33 ms   never                -
      worse    during   p99         33 ms   never                -
      worse    during   p50         31 ms  225 ms  +194 ms (7.2 x)
      worse    during   p90         32 ms   never                -
      worse    moments  recovered   1.0 s   never                -
      worse    moments  detected   200 ms   never                -
      worse    moments  waited       12 s   900 s    +888 s (75 x)
      better   during   database    400/s   150/s           -250/s
      differs  during   fallback    100 %     0 %      -100 points
      same     after    p95        6.5 ms  6.5 ms                0
      same     after    p99        6.5 ms  6.5 ms                0
      same     after    database     30/s    30/s                0
      same     before   p95        6.5 ms  6.5 ms                0
      same     before   p99        6.5 ms  6.5 ms                0
      same     before   database     30/s    30/s                0
               not shown: 35 the same, 12 unknown, 7 as in the phase they are a part
               of; all are in --json

      FAIL     13 worse, 2 better of 70 numbers. B leaves 25 % of the operations in
               the outage without an answer (instead of none), lets users wait for
               ever at p95 in the outage (instead of 33 ms), does not recover in the
               run (instead of 1.0 s) and is worse in 2 more; but it asks the database
               150/s in the outage (instead of 400/s)."
    `)
  })

  test('fits 80 columns', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  test('quiet: what is worse, and the verdict', () => {
    const quiet = compareText(compare(library, naive), { ...plainTerminal, quiet: true })
    expect(quiet).not.toMatch(/better {2}|same|allowed/)
    expect(quiet.split('\n').at(-1)).toBe(text.split('\n').at(-1))
    expect(compareText(compare(library, library), { ...plainTerminal, quiet: true })).toMatch(/^ok /)
  })

  test('ASCII only', () => {
    const ascii = compareText(compare(library, naive), { ...plainTerminal, ascii: true })
    expect(ascii).toMatch(/^[\x20-\x7e\n]*$/)
  })

  test('nothing is proved by a run that was not sound', () => {
    const unsound = run(
      { ms: [] },
      { verdict: 'inconclusive', reason: 'the fault never reached the subject' },
    )
    expect(compareText(compare(library, unsound), plainTerminal).replace(/\s+/g, ' ')).toMatch(
      /skip Nothing is proved. B was not sound: the fault never reached the subject.$/,
    )
  })
})

describe('for machines', () => {
  test('a test for each number, which agree with the exit code', () => {
    const { cases } = digestSuite(compareDigest(compare(library, naive)))
    const named = (name: string) => cases.find((each) => each.name.startsWith(name))
    expect(named('sound')!.result).toBe('passed')
    expect(named('during.p95')).toMatchObject({ result: 'failed', message: 'worse: A 33 ms, B never' })
    expect(named('during.database')!.result).toBe('passed')
    expect(named('during.max')!.result).toBe('skipped')
    const unsound = run({ ms: [] }, { verdict: 'inconclusive', reason: 'no' })
    expect(digestSuite(compareDigest(compare(library, unsound))).cases.map(({ result }) => result)).toEqual([
      'error',
    ])
  })

  test('Markdown and GitHub tell what is worse', () => {
    const digest = compareDigest(compare(library, naive))
    expect(writeMarkdown(digest)).toMatch(/^## cache load-test compare: FAIL\n\n\*\*B leaves 25 %/)
    expect(writeGithub(digest)).toContain('::error title=during.pending')
    expect(writeGithub(digest)).not.toContain('during.database')
  })
})
