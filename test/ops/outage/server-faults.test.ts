import { expect, test } from 'vitest'
import { harmsServer } from '../../../src/ops/faults/fault.js'
import { faults } from '../../../src/ops/faults/index.js'
import type { ClauseId, DrillReport } from '../../../src/ops/report/drill-report.js'
import { oneDrill } from '../experiment/one-drill.js'

// As in matrix.test.ts: what must fail fails by far, and what must hold is not a matter of time.
const short = { seed: 1, ratePerSecond: 60, beforeMs: 800, duringMs: 2500, afterMs: 2500 }
const drill = (subject: string, name: string) => oneDrill({ ...short, subject, drills: [name] })
const failed = ({ clauses }: DrillReport) =>
  clauses.filter(({ result }) => result === 'fail').map(({ id }) => id)

const naive: Record<string, ClauseId[]> = {
  sigkill: ['C3', 'C4'],
  sigstop: ['C3', 'C4', 'C10'],
  maxmemory: ['C2', 'C4', 'C9', 'C10'],
  // Over within an instant: only a back-off that is longer than a caller waits breaks it, and that is a matter of time.
  'restart-empty': [],
  'replica-swap': ['C2', 'C4', 'C9', 'C10'],
}

/** All of it with DRILLS=all. */
const run = process.env['DRILLS'] === 'all' ? Object.keys(naive) : ['sigkill', 'replica-swap']

test('every fault of a server has its row', () => {
  expect(Object.keys(naive)).toEqual(faults.filter(harmsServer).map(({ name }) => name))
})

test.concurrent.each(run)(
  '%s is noticed by callers of a naive cache, and not by those of the library',
  async (name) => {
    const [bare, library] = await Promise.all([drill('naive-ioredis6', name), drill('library', name)])
    for (const report of [bare, library]) {
      expect(report.reason).toBeUndefined()
      expect(report.witness.witnessed).toBe(true)
    }
    expect(failed(bare)).toEqual(expect.arrayContaining(naive[name] ?? []))
    expect(failed(library).filter((id) => id !== 'C3' && id !== 'C8')).toEqual([])
  },
  60_000,
)
