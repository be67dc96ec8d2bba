import { describe, expect, test } from 'vitest'
import { oneDrill } from './one-drill.js'

// Real servers and real clients; phases short enough for a test, long enough for what is asserted.
const plan = { seed: 1, ratePerSecond: 200, beforeMs: 1000, duringMs: 2500, afterMs: 3000 }

// Each waits for most of its time, and there is nobody else.
describe.concurrent('library', { timeout: 90_000 }, () => {
  test.each(['refused', 'stall'])('keeps every promise under %s', async (name) => {
    const report = await oneDrill({ ...plan, subject: 'library', drills: [name] })
    expect(report.clauses.filter(({ result }) => result !== 'pass')).toEqual([])
    expect(report).toMatchObject({ verdict: 'pass', witness: { witnessed: true } })
    const seen = report.clauses.find(({ id }) => id === 'C10')?.evidence
    for (const kind of ['metric', 'log', 'status']) expect(seen).toContain(kind)
  })
})
