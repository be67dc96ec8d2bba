import { describe, expect, test } from 'vitest'
import { simulateOutage } from '../../../src/ops/outage/simulate-outage.js'
import { drillsOf, suites } from '../../../src/ops/outage/suites.js'
import type { ClauseId, DrillReport } from '../../../src/ops/report/drill-report.js'
import { oneDrill } from '../experiment/one-drill.js'

// A real Redis, the endpoint over it, the door, and real clients. A request costs several times what a command does, so
// the rate is low: what must fail fails by far, and what must hold is not a matter of time.
const short = { seed: 1, ratePerSecond: 40, beforeMs: 1000, duringMs: 3000, afterMs: 3000 }

const drill = (subject: string, name: string) => oneDrill({ ...short, subject, drills: [name] })

const failed = ({ clauses }: DrillReport) =>
  clauses.filter(({ result }) => result === 'fail').map(({ id }) => id)
const clause = ({ clauses }: DrillReport, id: ClauseId) => clauses.find((each) => each.id === id)

/** What a try/catch around @upstash/redis breaks each time, whatever else. */
const naive: Record<string, ClauseId[]> = {
  refused: ['C3', 'C4', 'C10'],
  reset: ['C3', 'C4', 'C10'],
  'upstash-429': ['C4', 'C10'],
  'upstash-500': ['C4', 'C10'],
  'upstash-401': ['C4', 'C10'],
  'upstash-html': ['C4', 'C10'],
  'upstash-hang': ['C3', 'C4', 'C10'],
  'upstash-slow': ['C3', 'C10'],
}

/** All of it with DRILLS=all, and in `npm run proof -- drills`: a dozen seconds each is what a check can spare twice. */
const isRun = (subject: string, name: string) =>
  process.env['DRILLS'] === 'all' || name === (subject === 'naive' ? 'upstash-500' : 'upstash-429')

test('every drill of the suite has its row', () => {
  expect(Object.keys(naive)).toEqual(drillsOf(suites.upstash))
})

describe.concurrent('try/catch around @upstash/redis', () => {
  test.each(Object.entries(naive).filter(([name]) => isRun('naive', name)))(
    'fails under %s: %j',
    { timeout: 120_000 },
    async (name, clauses) => {
      const report = await drill('naive-upstash', name)
      expect(report.reason).toBeUndefined()
      expect(report.witness.witnessed).toBe(true)
      expect(failed(report)).toEqual(expect.arrayContaining(clauses))
      // It catches every error, after all.
      expect(failed(report)).not.toContain('C1')
      // The client has parsed what the wrapper parses again.
      expect(report.phases.map(({ hitRatio }) => hitRatio ?? 0)).toEqual([0, 0, 0])
      expect(clause(report, 'C8')).toMatchObject({ result: 'fail' })
    },
  )
})

/** Judged by budgets that a machine shared with other tests may not hold; in `cache simulate-outage` they count. */
const OF_TIME: ClauseId[] = ['C3', 'C8']

describe.concurrent('library-upstash', () => {
  test.each(drillsOf(suites.upstash).filter((name) => isRun('library', name)))(
    'keeps its promises under %s',
    { timeout: 120_000 },
    async (name) => {
      const report = await drill('library-upstash', name)
      expect(report.reason).toBeUndefined()
      expect(report.witness.witnessed).toBe(true)
      expect(report.phases[0]?.hitRatio).toBeGreaterThan(0)
      expect(failed(report).filter((id) => !OF_TIME.includes(id))).toEqual([])
      const time = clause(report, 'C3')?.numbers
      expect(time?.['pending']).toBe(0)
      // A deadline of 300 ms, several times over on a busy machine; a naive client waits for the whole fault.
      expect(time?.['p99Ms']).toBeLessThan(1500)
      expect(clause(report, 'C9')?.result).toBe('pass')
    },
  )
})

test.concurrent('a report on Upstash says what is emulated', { timeout: 120_000 }, async () => {
  const phases = { beforeMs: 500, duringMs: 500, afterMs: 500 }
  const options = { ...short, ...phases, subject: 'library-upstash', drills: ['upstash-500'] }
  const { environment } = await simulateOutage(options)
  expect(environment).toMatchObject({
    server: expect.stringMatching(/\d/),
    emulated: ['Upstash REST endpoint'],
  })
})

test.each([
  [{ subject: 'library-upstash', drills: ['oom'] }, 'DOES_NOT_FIT', ['--subject library', '--drill refused']],
  [
    { subject: 'library', drills: ['upstash-429'] },
    'DOES_NOT_FIT',
    ['--subject library-upstash', '--drill refused'],
  ],
  [{ suite: 'upstas' }, 'UNKNOWN_SUITE', ['--suite upstash']],
])('%j is refused before anything is started', async (options, code, suggestions) => {
  await expect(simulateOutage({ ...short, ...options })).rejects.toMatchObject({
    kind: 'usage',
    code,
    suggestions,
  })
})
