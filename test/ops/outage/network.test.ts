import { describe, expect, test } from 'vitest'
import type { ClauseId, DrillReport } from '../../../src/ops/report/drill-report.js'
import { oneDrill } from '../experiment/one-drill.js'

// As in matrix.test.ts, of which these are the faults that no suite of that size has room for.
const short = { seed: 1, ratePerSecond: 50, beforeMs: 800, duringMs: 4000, afterMs: 3000 }

const drill = (subject: string, name: string) => oneDrill({ ...short, subject, drills: [name] })

const failed = ({ clauses }: DrillReport) =>
  clauses.filter(({ result }) => result === 'fail').map(({ id }) => id)

/** What a try/catch around either major of ioredis breaks each time, whatever else. */
const naive: Record<string, ClauseId[]> = {
  blackhole: ['C3', 'C10'],
  drip: ['C3', 'C10'],
  'half-open': ['C3', 'C10'],
  'slow-close': ['C3'],
}
/** Judged by budgets that a machine shared with other tests may not hold. */
const OF_TIME: ClauseId[] = ['C3', 'C8']

/** With DRILLS=all: eight seconds each are more than a check can spare. */
describe.runIf(process.env['DRILLS'] === 'all')('the faults of the network', () => {
  test.each(Object.entries(naive))(
    '%s breaks %j for try/catch around ioredis',
    { timeout: 120_000 },
    async (name, clauses) => {
      for (const report of await Promise.all(
        ['naive-ioredis5', 'naive-ioredis6'].map((subject) => drill(subject, name)),
      )) {
        expect(report.reason).toBeUndefined()
        expect(report.witness.witnessed).toBe(true)
        expect(failed(report)).toEqual(expect.arrayContaining(clauses))
        expect(failed(report)).not.toContain('C1')
      }
    },
  )

  test.each(
    ['library', 'library-upstash'].flatMap((subject) =>
      Object.keys(naive).map((name) => ({ subject, name })),
    ),
  )('$subject keeps its promises under $name', { timeout: 120_000 }, async ({ subject, name }) => {
    const report = await drill(subject, name)
    expect(report.reason).toBeUndefined()
    expect(report.witness.witnessed).toBe(true)
    expect(failed(report).filter((id) => !OF_TIME.includes(id))).toEqual([])
    const time = report.clauses.find(({ id }) => id === 'C3')?.numbers
    expect(time?.['pending']).toBe(0)
    expect(time?.['p99Ms']).toBeLessThan(1500)
  })
})
