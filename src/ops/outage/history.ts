import type { Measurement } from '../experiment/measurement.js'
import { rounded } from '../experiment/rounded.js'
import type { DrillReport } from '../report/drill-report.js'

/** The report with all that it was judged on, where that is wanted. */
export function withHistory(
  report: DrillReport,
  { operations, writes, loads, signals, vitals, limiting }: Measurement,
  isWanted: boolean | undefined,
): DrillReport {
  if (isWanted !== true) return report
  const checks = limiting && { checks: limiting.checks }
  return { ...report, history: rounded({ operations, writes, loads, signals, vitals, ...checks }) }
}
