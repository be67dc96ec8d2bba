import type { Measurement } from '../experiment/measurement.js'
import { hitRatioOf, latencyOf, limitsOf, operationsIn, PHASES } from '../experiment/traffic.js'
import type { PhaseSummary } from '../report/drill-report.js'

/** What each phase looked like to the callers of the process that met the fault. */
export function summarisePhases(measurement: Measurement): PhaseSummary[] {
  return PHASES.map((name) => {
    const [startMs, endMs] = limitsOf(measurement, name)
    const durationMs = endMs - startMs
    const operations = operationsIn(measurement, name)
    const { p50Ms, p99Ms, worstMs, pending } = latencyOf(operations)
    const loads = measurement.loads.filter(
      ({ process, atMs }) => process === 'main' && atMs >= startMs && atMs < endMs,
    ).length
    return {
      name,
      durationMs,
      operations: operations.length,
      errors: operations.filter(({ error }) => error !== null).length,
      pending,
      p50Ms,
      p99Ms,
      worstMs,
      hitRatio: hitRatioOf(operations).ratio,
      sourcePerSecond: durationMs > 0 ? (loads * 1000) / durationMs : 0,
    }
  })
}
