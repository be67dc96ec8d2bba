import type { Measurement } from '../../../src/ops/experiment/measurement.js'
import type { ClauseId, ClauseResult } from '../../../src/ops/report/drill-report.js'

export interface ClauseRow {
  clause: ClauseId
  when: string
  measurement: Measurement
  result: ClauseResult['result']
  /** What the evidence must say. */
  says?: RegExp
  /** What the change that it names must say. */
  advises?: RegExp
}
