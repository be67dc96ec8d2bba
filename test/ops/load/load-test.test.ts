import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OperationRecord } from '../../../src/ops/experiment/measurement.js'
import { openRig, type Rig } from '../../../src/ops/experiment/rig.js'
import { runExperiment } from '../../../src/ops/experiment/run.js'
import { refused } from '../../../src/ops/faults/refused.js'
import { loadPlan } from '../../../src/ops/load/load-test.js'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(() => rig.close())

test('nothing but the traffic runs in the process under load, and the other one only keeps time', async () => {
  const measurement = await runExperiment({
    ...loadPlan({
      fault: 'refused',
      subject: 'library',
      seed: 1,
      slos: [],
      maxLatenessMs: 25,
      ratePerSecond: 100,
      beforeMs: 500,
      duringMs: 700,
      afterMs: 500,
    }),
    subject: 'library',
    fault: refused,
    rig,
    graceMs: 500,
  })
  const seen = (wanted: OperationRecord['process']) => {
    const own = measurement.operations.filter(({ process }) => process === wanted)
    return [...new Set(own.map(({ phase, group }) => `${phase} ${group}`))].toSorted()
  }
  expect(measurement.witness).toMatchObject({ witnessed: true })
  expect(seen('main')).toEqual(['after workload', 'before workload', 'during workload'])
  expect(seen('second')).toEqual(['after pulse', 'before pulse', 'during pulse'])
  expect(measurement.limiting).toBeUndefined()
  // It is warm, and its path is not the broken one.
  const pulses = measurement.operations.filter(({ group }) => group === 'pulse')
  expect(new Set(pulses.map(({ source }) => source))).toEqual(new Set(['hit']))
})
