import { expect, test } from 'vitest'
import { readScenario } from '../../../src/ops/config/scenario.js'
import { simulateOutage } from '../../../src/ops/outage/simulate-outage.js'
import { TOO_BUSY } from '../experiment/one-drill.js'

test('Redis hangs and the database turns slow: each is witnessed, and stores keep their promises', async () => {
  const scenario = await readScenario('examples/scenarios/database-slow.yaml')
  const faults = [
    { fault: 'stall', at: 0, for: 2500 },
    { fault: 'supabase-slow', at: 500, for: 1000 },
  ]
  const { drills, plan } = await simulateOutage({
    scenario: { ...scenario, faults },
    subject: 'stores',
    seed: 1,
    beforeMs: 600,
    afterMs: 5500,
  })
  expect(plan).toEqual({ beforeMs: 600, duringMs: 2500, afterMs: 5500 })
  const [drill] = drills
  if (TOO_BUSY.test(drill?.reason ?? '')) return
  expect(drill).toMatchObject({
    name: 'database-slow',
    timeline: faults.map(({ fault, at, for: forMs }) => ({ fault, atMs: at, forMs })),
    witness: { witnessed: true, evidence: expect.stringMatching(/^stall: .*; supabase-slow: /) as string },
  })
  expect(drill?.clauses.filter(({ result }) => result === 'fail')).toEqual([])
})
