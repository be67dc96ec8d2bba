import { readFileSync } from 'node:fs'
import { stall } from '../../../src/ops/faults/stall.js'
import { judge } from '../../../src/ops/outage/judge.js'
import type { DrillReport, OutageReport } from '../../../src/ops/report/drill-report.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { goodMeasurement, operation, withMore } from '../outage/measurements.js'
import { reportOf } from '../outage/report-of.js'

export const passed = judge(goodMeasurement(), stall)
/** An operation never came back, and nobody could see the outage. */
export const failed = judge(withMore([operation(2000, { endMs: null })], [], { instances: [] }), stall)
export const unwitnessed = judge(
  goodMeasurement({ witness: { witnessed: false, evidence: '0 connections held', counts: {} } }),
  stall,
)
export const unsteady = judge(
  withMore([operation(500, { error: 'Error: no such host', endMs: 501 })], []),
  stall,
)

export const runOf = (...drills: DrillReport[]): OutageReport =>
  reportOf(
    drills.some(({ verdict }) => verdict === 'fail')
      ? 'fail'
      : drills.some(({ verdict }) => verdict === 'inconclusive')
        ? 'inconclusive'
        : 'pass',
    ...drills,
  )

/** A sound run, as it was written. */
export const loadRun = (): LoadReport =>
  JSON.parse(readFileSync('test/ops/load/fixtures/library-1.json', 'utf8')) as LoadReport
