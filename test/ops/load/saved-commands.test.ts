import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import LoadTestCompare from '../../../commands/load-test/compare.js'
import LoadTestMerge from '../../../commands/load-test/merge.js'
import type { LoadCompareReport } from '../../../src/ops/report/load-compare-report.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { inProcess } from './in-process.js'

// Sound runs of `cache load-test --fault stall --before 3s --during 5s --after 5s --rate 500`, as they were written.
const fixture = (name: string) => join('test/ops/load/fixtures', `${name}.json`)
const [ONE, TWO, NAIVE] = [fixture('library-1'), fixture('library-2'), fixture('naive')]

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-saved-commands-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const compare = (...args: string[]) => inProcess(LoadTestCompare, args)
const merge = (...args: string[]) => inProcess(LoadTestMerge, args)
const reportOf = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as LoadReport

/** A report like the first, but for this. */
function changed(name: string, more: Partial<LoadReport>): string {
  const file = join(directory, name)
  writeFileSync(file, JSON.stringify({ ...reportOf(ONE), ...more }))
  return file
}

describe('load-test compare', () => {
  test('two runs of one cache, of other seeds: nothing is worse, and it exits 0', async () => {
    for (const [a, b] of [
      [ONE, TWO],
      [TWO, ONE],
    ] as const) {
      const { code, stdout, stderr } = await compare(a, b, '--json')
      const { verdict, rows } = JSON.parse(stdout) as LoadCompareReport
      expect(rows.filter((row) => row.verdict === 'worse')).toEqual([])
      expect([code, verdict, stderr]).toEqual([0, 'pass', ''])
    }
  })

  test('a client that waits for ever is worse than the library, and it exits 1', async () => {
    const { code, stdout } = await compare(ONE, NAIVE, '--json')
    const { rows } = JSON.parse(stdout) as LoadCompareReport
    const during = (metric: string) => rows.find((row) => row.where === 'during' && row.metric === metric)
    expect(code).toBe(1)
    for (const metric of ['p50', 'p95', 'p99']) expect(during(metric)).toMatchObject({ verdict: 'worse' })
    expect((await compare(NAIVE, ONE)).stdout).toMatch(/^better +during +p95/m)
  })

  test('the same in every format, each in one go', async () => {
    const file = (format: string) => join(directory, `compared.${format}`)
    const formats = ['json', 'junit', 'markdown', 'github']
    const outputs = formats.flatMap((format) => ['--output', `${format}=${file(format)}`])
    const { code, stdout } = await compare(ONE, NAIVE, ...outputs)
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^FAIL .*worse/m)])
    const said = (format: string) => readFileSync(file(format), 'utf8')
    const { rows } = JSON.parse(said('json')) as LoadCompareReport
    const worse = rows.filter(({ verdict }) => verdict === 'worse').length
    expect(said('junit')).toContain(`failures="${worse}"`)
    expect(said('markdown')).toMatch(/^## cache load-test compare: FAIL$/m)
    expect(said('github').match(/^::error/gm)).toHaveLength(worse)
  })

  test('what was not sound, or of a busy machine, proves nothing: 3', async () => {
    const unsound = changed('unsound.json', { verdict: 'inconclusive', reason: 'the fault was not seen' })
    const late = changed('late.json', { generator: { latenessP99Ms: 80, limitMs: 10_000, unstarted: 0 } })
    expect(await compare(ONE, unsound)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('the fault was not seen'),
    })
    expect(await compare(ONE, late)).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/begun 80 ms\s+late/),
    })
    expect((await compare(ONE, late, '--anyway')).code).toBe(0)
  })

  test('another experiment is refused: 2, unless it is wanted', async () => {
    const faster = changed('faster.json', { ratePerSecond: 1000 })
    const { code, stdout } = await compare(ONE, faster, '--json')
    expect([code, (JSON.parse(stdout) as LoadCompareReport).error?.code]).toEqual([
      2,
      'NOT_THE_SAME_EXPERIMENT',
    ])
    const anyway = await compare(ONE, faster, '--anyway', '--json')
    const { differences } = JSON.parse(anyway.stdout) as LoadCompareReport
    expect([anyway.code, differences]).toEqual([0, ['rate: 500/s and 1,000/s']])
  })
})

describe('load-test merge', () => {
  test('two generators as one: counts are sums, SLOs are judged anew, every format', async () => {
    const file = (format: string) => join(directory, `merged.${format}`)
    const outputs = ['json', 'junit', 'markdown'].flatMap((each) => ['--output', `${each}=${file(each)}`])
    const slos = ['--slo', 'during.errors == 0', '--slo', 'during.sent > 4900']
    const { code, stdout, stderr } = await merge(ONE, TWO, ...slos, ...outputs)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^ok +during\.sent > 4900: got /m)
    const merged = reportOf(file('json'))
    expect(merged).toMatchObject({ merged: 2, ratePerSecond: 1000, verdict: 'pass' })
    const [one, two] = [reportOf(ONE), reportOf(TWO)]
    for (const [at, { sent, ok, loads }] of merged.phases.entries()) {
      const [left, right] = [one.phases[at]!, two.phases[at]!]
      expect([sent, ok, loads]).toEqual([
        left.sent + right.sent,
        left.ok + right.ok,
        left.loads! + right.loads!,
      ])
    }
    expect(readFileSync(file('junit'), 'utf8')).toContain('tests="3" failures="0" errors="0" skipped="0"')
    expect(readFileSync(file('markdown'), 'utf8')).toMatch(/2 reports together/)
    // What is merged is a report like any other.
    expect((await compare(file('json'), file('json'))).code).toBe(0)
  })

  test('a missed SLO exits 1, and one that is none 2', async () => {
    const slo = (text: string) => merge(ONE, TWO, '--slo', text, '--json')
    expect((await slo('during.p99 < 1ms')).code).toBe(1)
    const { code, stdout } = await slo('during.p98 < 1ms')
    expect([code, (JSON.parse(stdout) as LoadReport).error?.code]).toEqual([2, 'UNKNOWN_METRIC'])
  })

  test('a part that was not sound makes the whole inconclusive: 3', async () => {
    const unsound = changed('part.json', {
      verdict: 'inconclusive',
      reason: 'the fault was not seen',
      seed: 3,
    })
    const junit = join(directory, 'part.xml')
    expect((await merge(ONE, unsound, '--output', `junit=${junit}`)).code).toBe(3)
    expect(readFileSync(junit, 'utf8')).toMatch(/<error[^>]*the fault was not seen/)
  })

  test.each([
    [[ONE], 'NOTHING_TO_MERGE'],
    [[ONE, ONE], 'MERGED_TWICE'],
    [[ONE, NAIVE], 'NOT_THE_SAME_EXPERIMENT'],
    [[ONE, '/nowhere.json'], 'LOAD_REPORT_UNUSABLE'],
  ])('%j is refused: 2', async (files, name) => {
    const { code, stdout } = await merge(...files, '--json')
    expect([code, (JSON.parse(stdout) as LoadReport).error?.code]).toEqual([2, name])
  })
})
