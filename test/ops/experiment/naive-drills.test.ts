import { describe, expect, test } from 'vitest'
import { simulateOutage } from '../../../src/ops/outage/simulate-outage.js'
import type { DrillReport } from '../../../src/ops/report/drill-report.js'
import { oneDrill } from './one-drill.js'

// Real servers and real clients; phases short enough for a test, long enough for what is asserted.
const short = {
  subject: 'library',
  seed: 1,
  ratePerSecond: 200,
  beforeMs: 600,
  duringMs: 1500,
  afterMs: 2000,
}

function drill(subject: string, name: string, phases: Partial<typeof short> = {}): Promise<DrillReport> {
  return oneDrill({ ...short, ...phases, subject, drills: [name] })
}

const results = ({ clauses }: DrillReport) =>
  Object.fromEntries(clauses.map(({ id, result }) => [id, result]))

// These fail by far, whatever else runs.
describe.concurrent('try/catch around ioredis 5 and 6', { timeout: 90_000 }, () => {
  const both = (name: string) =>
    Promise.all(['naive-ioredis5', 'naive-ioredis6'].map((subject) => drill(subject, name)))

  test('lets callers wait when Redis is refused', async () => {
    for (const report of await both('refused')) {
      expect(report).toMatchObject({ verdict: 'fail', witness: { witnessed: true } })
      expect(results(report)).toMatchObject({ C1: 'pass', C3: 'fail', C5: 'pass' })
    }
  })

  test('lets callers wait when Redis hangs, and a write of the outage lands late', async () => {
    for (const report of await both('stall')) {
      expect(report).toMatchObject({ verdict: 'fail', timeToFallbackMs: null })
      expect(results(report)).toMatchObject({ C1: 'pass', C3: 'fail', C9: 'fail' })
      const { finding } = report.clauses.find(({ id }) => id === 'C9') ?? {}
      expect(finding?.happened).toMatch(/drill:contested:\d+ said version 2 when version 3/)
      expect(finding?.cause).toMatch(/landed late/)
    }
  })
})

test('the same seed gives the same traffic', { timeout: 90_000 }, async () => {
  const phases = { beforeMs: 500, duringMs: 500, afterMs: 500 }
  const [first, again] = await Promise.all([
    drill('library-unconfigured', 'stall', phases),
    drill('library-unconfigured', 'stall', phases),
  ])
  // Phases begin when timers fire, so that single operations may fall on either side.
  const counts = (report: DrillReport) => report.phases.slice(0, 2).map(({ operations }) => operations)
  for (const [index, count] of counts(first).entries()) {
    expect(Math.abs(count - (counts(again)[index] ?? 0))).toBeLessThan(10)
  }
})

test.each([
  [{ drills: ['stal'] }, 'UNKNOWN_DRILL', '--drill stall'],
  [{ subject: 'libary' }, 'UNKNOWN_SUBJECT', '--subject library'],
])('%j is refused before anything is started', async (options, code, suggestion) => {
  await expect(simulateOutage({ ...short, ...options })).rejects.toMatchObject({
    kind: 'usage',
    code,
    suggestions: [suggestion],
  })
})
