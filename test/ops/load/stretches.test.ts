import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseSavedReport } from '../../../src/ops/load/saved-report.js'
import { scatterBeyond, stretchesOf } from '../../../src/ops/load/stretches.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { loadReport, phase, saved } from './saved-reports.js'

const FILE = 'test/ops/load/fixtures/library-1.json'
const real = () => JSON.parse(readFileSync(FILE, 'utf8')) as LoadReport
const stretches = (report: LoadReport) => stretchesOf(parseSavedReport('a.json', JSON.stringify(report)))

test('of a run: its seconds, without the two in which the fault began and the two after the heal', () => {
  expect(stretches(real()).map((group) => group.length)).toEqual([3, 3, 3])
  const { transitions: _, ...plain } = real()
  expect(stretches(plain).map((group) => group.length)).toEqual([3, 5, 5])
})

test('of a long run: some of its seconds', () => {
  const report = real()
  const [second] = report.timeline
  const timeline = Array.from({ length: 1800 }, (_, at) => ({ ...second!, atMs: at * 1000 }))
  expect(stretches({ ...report, timeline })[0]).toHaveLength(60)
})

test('of several runs: the sound runs, which differ more than their seconds do', () => {
  const run = (ms: number) => ({
    verdict: 'pass' as const,
    slos: [],
    phases: [phase('before', { ms: Array.from({ length: 1000 }, (_, at) => (at % 10 === 0 ? ms : 1)) })],
  })
  const runs = [run(5), run(5), run(90), { ...run(90), reason: 'no fault' }]
  const report = loadReport({}, { repeat: { times: 4, quorum: 2, runs } })
  const found = stretchesOf(saved(report))
  expect(found.map((group) => group.length)).toEqual([3, 0, 0])
  // Every tenth operation of one run is slow, and none of the others.
  expect(scatterBeyond(found, 50)).toBeGreaterThan(10)
  expect(scatterBeyond(found, 2)).toBeCloseTo(1)
})

test('without histograms or seconds, as of old reports, operations are taken to be independent', () => {
  const timeline = real().timeline.map(({ histogram: _, ...second }) => second)
  expect(scatterBeyond(stretches({ ...real(), timeline }), 1)).toBe(1)
  expect(scatterBeyond(stretches({ ...real(), timeline: [] }), 1)).toBe(1)
})
