import { stall } from '../../../../src/ops/faults/stall.js'
import { judge } from '../../../../src/ops/outage/judge.js'
import type { DrillReport, OutageReport } from '../../../../src/ops/report/drill-report.js'
import { goodMeasurement, operation, withMore } from '../../outage/measurements.js'
import { reportOf } from '../../outage/report-of.js'

/** Judged by the real judge, so that clauses and curves are as they come. */
export const passed: DrillReport = judge(goodMeasurement(), stall)

/** Callers wait for up to 2.9 s in the fault, some for ever, and nobody is told. */
export const failed: DrillReport = judge(
  withMore(
    [
      ...Array.from({ length: 100 }, (_, index) =>
        operation(1000 + index * 29, { endMs: 4000 + index, source: 'load' }),
      ),
      operation(2000, { endMs: null, source: null }),
      operation(2500, { error: 'Error: gone', source: null }),
    ],
    [],
    { signals: [] },
  ),
  stall,
)

export const unwitnessed: DrillReport = judge(
  goodMeasurement({ witness: { witnessed: false, evidence: '0 connections held', counts: {} } }),
  stall,
)

/** As many drills as the suite has that runs when nothing else is asked for. */
export function suite(): OutageReport {
  const names = ['refused', 'stall', 'reset', 'latency', 'oom', 'readonly', 'flap']
  return reportOf('fail', ...names.map((name, index) => ({ ...(index === 1 ? failed : passed), name })))
}

const OURS = new Set(['schema', 'command', 'verdict', 'result', 'id', 'kind', 'phase', 'service', 'change'])

/** The same report with that text wherever somebody else's may stand. */
export function saying<T>(report: T, text: string): T {
  const replaced = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return OURS.has(key) ? value : text
    if (Array.isArray(value)) return value.map((each) => replaced(each, key))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each, name)]))
  }
  return replaced(report, '') as T
}
