import { expect, test } from 'vitest'
import { settledOf, type Sight } from '../../../../src/ops/experiment/lookout.js'
import type { OperationRecord } from '../../../../src/ops/experiment/measurement.js'
import { createLookout } from '../../../../src/ops/experiment/stop-conditions/lookout.js'
import { parseStopCondition } from '../../../../src/ops/experiment/stop-conditions/parse.js'

const NOTHING: Sight = { settled: [], vitals: null }
type Settled = Sight['settled'][number]

const answers = (count: number, endMs: number, more: Partial<Settled> = {}): Settled[] =>
  Array.from({ length: count }, () => ({ dueMs: endMs - 10, endMs, error: null, ...more }))

/** Looks every 100 ms with what `sight` gives; the time at which it ended, and why. */
function run(conditions: string[], sight: (atMs: number) => Sight, untilMs = 10_000) {
  const lookout = createLookout(conditions.map(parseStopCondition))
  for (let atMs = 100; atMs <= untilMs; atMs += 100) {
    const why = lookout.look(sight(atMs), atMs)
    if (why !== null) return { atMs, why }
  }
  return null
}

/** 10 answers a look, of which so many failed. */
const failing =
  (failed: (atMs: number) => number, more: Partial<Settled> = { error: 'no' }) =>
  (atMs: number) => ({
    ...NOTHING,
    settled: [...answers(failed(atMs), atMs, more), ...answers(10 - failed(atMs), atMs)],
  })

test('a share, once it has held for as long as it says', () => {
  const found = run(
    ['errors > 50% for 2s'],
    failing((atMs) => (atMs > 3000 ? 10 : 0)),
  )
  // The window of a second is half bad after half a second.
  expect(found?.atMs).toBeGreaterThan(5400)
  expect(found?.atMs).toBeLessThanOrEqual(5700)
  expect(found?.why).toMatch(/^the stop condition errors > 50% for 2s was met: \d+\.\d %$/)
})

test('a share that recovers between begins anew', () => {
  // Two seconds bad, two seconds good, and so on: never bad for three.
  const waves = failing((atMs) => (Math.floor(atMs / 2000) % 2 === 1 ? 10 : 0))
  expect(run(['errors > 50% for 3s'], waves)).toBeNull()
  expect(run(['errors > 50% for 1s'], waves)).not.toBeNull()
})

test('a share is not told from a handful of answers', () => {
  const sight = (atMs: number) => ({
    ...NOTHING,
    settled: atMs % 500 === 0 ? answers(1, atMs, { error: 'no' }) : [],
  })
  expect(run(['errors > 1%'], sight)).toBeNull()
  expect(run(['errors > 3'], sight)?.atMs).toBe(2000)
})

test('5xx is what an app answers, and other errors are none', () => {
  const unavailable = failing(() => 1, { status: 503, error: '503' })
  expect(run(['5xx > 5%'], unavailable)?.why).toContain('10.0 %')
  expect(
    run(
      ['5xx > 5%'],
      failing(() => 1, { status: 404, error: '404' }),
    ),
  ).toBeNull()
  expect(
    run(
      ['5xx > 5%'],
      failing(() => 1),
    ),
  ).toBeNull()
  expect(run(['5xx >= 7'], unavailable)?.atMs).toBe(700)
})

test('a percentile counts from when an answer was due, within the last second', () => {
  const slow = (from: number, to: number) => (atMs: number) => ({
    ...NOTHING,
    settled: answers(10, atMs, atMs > from && atMs <= to ? { dueMs: atMs - 800 } : {}),
  })
  expect(run(['p99 > 500ms for 2s'], slow(1000, 9000))?.atMs).toBe(3100)
  expect(run(['p99 > 500ms for 2s'], slow(1000, 1500))).toBeNull()
  expect(run(['p50 > 500ms'], slow(1000, 9000))?.atMs).toBeGreaterThan(1400)
})

test('what is pending, and memory: the last that was measured', () => {
  const vitals = (atMs: number) => ({ settled: [], vitals: { inFlight: atMs / 10, rssBytes: atMs * 1e6 } })
  expect(run(['pending > 200'], vitals)?.atMs).toBe(2100)
  expect(run(['rss > 1gb'], vitals)?.why).toBe('the stop condition rss > 1gb was met: 1100.0 MB')
  expect(run(['rss > 1gb', 'pending > 1'], () => NOTHING)).toBeNull()
})

test('records that are completed later are told once, when they are', () => {
  const records: Pick<OperationRecord, 'key' | 'endMs'>[] = [
    { key: 'a', endMs: null },
    { key: 'b', endMs: 1 },
  ]
  const settled = settledOf(records as OperationRecord[])
  const keys = () => settled().map(({ key }) => key)
  expect(keys()).toEqual(['b'])
  records.push({ key: 'c', endMs: 2 })
  records[0]!.endMs = 3
  expect(keys()).toEqual(['a', 'c'])
  expect(keys()).toEqual([])
})
