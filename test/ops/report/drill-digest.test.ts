import { describe, expect, test } from 'vitest'
import { stall } from '../../../src/ops/faults/stall.js'
import { judge } from '../../../src/ops/outage/judge.js'
import { withHistory } from '../../../src/ops/outage/history.js'
import { digestSuite } from '../../../src/ops/report/digest-suite.js'
import { outageDigest } from '../../../src/ops/report/drill-digest.js'
import { writeGithub } from '../../../src/ops/report/writers/github.js'
import { writeJunit } from '../../../src/ops/report/writers/junit.js'
import { writeMarkdown } from '../../../src/ops/report/writers/markdown.js'
import { goodMeasurement, operation, withMore } from '../outage/measurements.js'
import { reportOf } from '../outage/report-of.js'

const passed = judge(goodMeasurement(), stall)
const failed = judge(withMore([operation(2000, { endMs: null })], [], { instances: [] }), stall)
const unwitnessed = judge(
  goodMeasurement({ witness: { witnessed: false, evidence: '0 connections held', counts: {} } }),
  stall,
)

const itemsOf = (digest: ReturnType<typeof outageDigest>) => digest.groups.flatMap(({ items }) => items)

describe('a run of drills for somebody who was not at the terminal', () => {
  test('all passed: nothing counts, every clause is there', () => {
    const digest = outageDigest(reportOf('pass', passed))
    expect(digest.word).toBe('ok')
    expect(itemsOf(digest).filter(({ counts }) => counts)).toEqual([])
    expect(itemsOf(digest)).toHaveLength(passed.clauses.length)
    expect(digest.next).toEqual([])
  })

  test('a broken clause counts, says what to change, and leads on', () => {
    const digest = outageDigest(reportOf('fail', failed))
    const broken = itemsOf(digest).filter(({ counts }) => counts)
    expect(broken.map(({ id }) => id)).toContain('stall C3')
    expect(broken.every(({ remedy, commands }) => remedy !== '' && commands.length === 1)).toBe(true)
    expect(digest.next).toContain('cache explain C3')
  })

  test('a drill that proved nothing is one item, no eleven, and no failure', () => {
    const items = itemsOf(outageDigest(reportOf('inconclusive', unwitnessed)))
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ id: 'stall', level: 'broken', counts: false })
  })

  test('JUnit agrees with the exit codes: failures are what makes it 1, errors what makes it 3', () => {
    const of = (...drills: (typeof passed)[]) =>
      writeJunit(digestSuite(outageDigest(reportOf('fail', ...drills))))
    expect(of(passed)).toMatch(/failures="0" errors="0"/)
    expect(of(passed, unwitnessed)).toMatch(/failures="0" errors="1"/)
    expect(of(failed)).not.toMatch(/failures="0"/)
  })

  test('several subjects are told apart', () => {
    const other = { ...failed, subject: 'another' }
    const ids = itemsOf(outageDigest(reportOf('fail', failed, other))).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('another stall C3')
  })

  test('stopped in the middle is said, and is no pass', () => {
    const digest = outageDigest({ ...reportOf('inconclusive', passed), interrupted: true })
    expect(digest.word).toBe('stopped')
    expect(itemsOf(digest).at(-1)).toMatchObject({ id: 'RUN', level: 'broken' })
  })

  test('Markdown of a failing drill begins with the verdict, the numbers and what failed', () => {
    const text = writeMarkdown(outageDigest(reportOf('fail', passed, failed)))
    const at = ['## cache simulate-outage: FAIL', '| drill |', '| FAIL | stall C3 |', '<details>'].map(
      (part) => text.indexOf(part),
    )
    expect(at.every((place) => place >= 0)).toBe(true)
    expect(at).toEqual(at.toSorted((left, right) => left - right))
  })

  test('one annotation for each broken clause', () => {
    const annotations = writeGithub(outageDigest(reportOf('fail', failed)))
    const broken = failed.clauses.filter(({ result }) => result === 'fail')
    expect(annotations.match(/^::error /gm)).toHaveLength(broken.length)
  })

  test('what computed and measured time to fallback are, said once for drills that agree', () => {
    const known = { worstMs: null, client: 'ioredis@6 with its defaults', because: 'no commandTimeout' }
    const drill = { ...failed, computedFallback: known, timeToFallbackMs: null }
    const { facts } = outageDigest(reportOf('fail', drill, { ...drill, name: 'sigstop' }))
    const told = facts.filter(({ label }) => label.startsWith('time to fallback'))
    expect(told).toEqual([
      {
        label: 'time to fallback, computed, stall, sigstop',
        text: 'never for ioredis@6 with its defaults (no commandTimeout); measured: none before the heal',
      },
    ])
  })
})

test('the history holds every operation where it is wanted, and the report stays as it was where not', () => {
  const measurement = goodMeasurement()
  expect(withHistory(passed, measurement, undefined)).toBe(passed)
  const { history } = withHistory(passed, measurement, true)
  expect(history!.operations).toHaveLength(measurement.operations.length)
  expect(history!.checks).toHaveLength(measurement.limiting!.checks.length)
})
