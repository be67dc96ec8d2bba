import { expect, test } from 'vitest'
import { plainTerminal } from '../../../src/cli/terminal.js'
import { outageText } from '../../../src/cli/views/outage.js'
import { stall } from '../../../src/ops/faults/stall.js'
import { judge } from '../../../src/ops/outage/judge.js'
import type { DrillReport } from '../../../src/ops/report/drill-report.js'
import { goodMeasurement, operation, withMore } from './measurements.js'
import { plan, reportOf } from './report-of.js'

const passed = judge(goodMeasurement(), stall)
const failed = judge(withMore([operation(2000, { endMs: null })], [], { instances: [] }), stall)
const unwitnessed = judge(
  goodMeasurement({ witness: { witnessed: false, evidence: '0 connections held', counts: {} } }),
  stall,
)

test('a run that passes', () => {
  expect(outageText(reportOf('pass', passed), plan, plainTerminal)).toMatchInlineSnapshot(`
    "subject  hand-made, 20 operations/s, seed 1
    plan     1.0 s before, 3.0 s without Redis, 6.0 s after
    server   redis-server 7.0.15, of our own

    drill   p99  worst  waiting  fallback  detect  recover  source  verdict
    stall  1 ms   1 ms        0      1 ms  120 ms     1 ms       -  ok

    seen     stall: 1 connection held

    ok       1 passed, 0 failed, 0 inconclusive: hand-made lost Redis in 1 way and
             nobody noticed"
  `)
})

test('a run that fails', () => {
  expect(outageText(reportOf('fail', passed, failed, unwitnessed), plan, plainTerminal))
    .toMatchInlineSnapshot(`
    "subject  hand-made, 20 operations/s, seed 1
    plan     1.0 s before, 3.0 s without Redis, 6.0 s after
    server   redis-server 7.0.15, of our own

    drill   p99  worst  waiting  fallback  detect  recover  source  verdict
    stall  1 ms   1 ms        0      1 ms  120 ms     1 ms       -  ok
    stall  1 ms   1 ms        1      1 ms  120 ms     1 ms       -  FAIL
    stall  1 ms   1 ms        0      1 ms  120 ms     1 ms       -  skip

    seen     stall: 1 connection held
    seen     stall: 1 connection held
    seen     stall: 0 connections held

    FAIL     stall  C3 bounded time
             1 of 401 operations were still waiting when the drill ended; the
             slowest answered one took 1 ms, p99 1 ms (budget 250 ms).
    cause    most often the client queues commands without a deadline while Redis
             does not answer; try/catch hides an error, not a wait (ioredis
             defaults: offline queue on, 20 retries per command, no commandTimeout)
    change   for ioredis: commandTimeout 100, enableOfflineQueue false,
             maxRetriesPerRequest 0 and autoResendUnfulfilledCommands false, all
             four together, and a deadline in your own layer
    show     cache audit --rule R11

    skip     stall: the fault never reached the subject: 0 connections held

    note     12 clauses not judged, which is no pass
             stall C5: no instance was made for: healthy, fault, unconfigured

    FAIL     1 passed, 1 failed, 1 inconclusive: losing Redis is noticed by callers
             of hand-made"
  `)
})

test('what no clause judged is not called never', () => {
  const neither = { timeToDetectMs: null, timeToRecoverMs: null, timeToFallbackMs: null }
  const row = (drill: DrillReport) =>
    outageText(reportOf('pass', { ...drill, ...neither }), plan, plainTerminal)
      .split('\n')
      .find((line) => line.startsWith('stall'))
  expect(row(passed)?.match(/never/g)).toHaveLength(3)
  expect(row(unwitnessed)).not.toContain('never')
  const spared = judge(goodMeasurement(), {
    breaks: stall.breaks.filter((id) => id !== 'C10'),
    spares: { C10: 'nothing fails' },
  })
  expect(row(spared)?.match(/never/g)).toHaveLength(2)
})

test('quiet: only what failed and the verdict', () => {
  const quiet = { ...plainTerminal, quiet: true }
  expect(outageText(reportOf('pass', passed), plan, quiet)).toMatchInlineSnapshot(`
    "ok       1 passed, 0 failed, 0 inconclusive: hand-made lost Redis in 1 way and
             nobody noticed"
  `)
})

test('an interrupted run says that it is partial', () => {
  const report = { ...reportOf('inconclusive', passed), interrupted: true as const }
  expect(outageText(report, plan, { ...plainTerminal, quiet: true })).toMatchInlineSnapshot(
    `"stopped  1 passed, 0 failed, 0 inconclusive; interrupted, so this is partial"`,
  )
})

test('ASCII only when asked', () => {
  const finding = { happened: 'It waited ≤ 3 s…', cause: 'the server’s clock', change: 'none' }
  const [clause, ...rest] = passed.clauses
  const drill: DrillReport = {
    ...passed,
    verdict: 'fail',
    clauses: [{ ...clause!, result: 'fail', finding }, ...rest],
  }
  const text = outageText(reportOf('fail', drill), plan, { ...plainTerminal, ascii: true })
  expect(text).toMatch(/^[ -~\n]*$/)
  expect(text).toContain("the server's clock")
})

test('nothing is wider than the terminal', () => {
  for (const width of [60, 80]) {
    const text = outageText(reportOf('fail', failed), plan, { ...plainTerminal, width })
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
  }
})

test('of several subjects each has a table, and a reason that drills share is told once', () => {
  const spared = { breaks: stall.breaks.filter((id) => id !== 'C5'), spares: { C5: 'no factory is called' } }
  const [one, two] = ['stall', 'drip'].map((fault) => judge(goodMeasurement({ fault }), spared))
  const other = { ...judge(goodMeasurement({ fault: 'cold' }), stall), subject: 'other' }
  const text = outageText(reportOf('pass', one!, two!, other), plan, plainTerminal)
  expect(
    text.match(/^(hand-made|other)\ndrill .*(\n\w.*)+/gm)?.map((table) => table.split('\n').length),
  ).toEqual([4, 3])
  expect(text).toMatch(/^ {9}stall, drip C5: no factory is called$/m)
})
