import type { Measurement, OperationRecord, PhaseName } from './measurement.js'
import { quantile } from './quantile.js'

export const PHASES: readonly PhaseName[] = ['before', 'during', 'after']

/** First instant of a phase and of what follows it, in milliseconds of the measurement's clock. */
export function limitsOf({ faultAtMs, healAtMs, endMs }: Measurement, phase: PhaseName): [number, number] {
  if (phase === 'before') return [0, faultAtMs]
  return phase === 'during' ? [faultAtMs, healAtMs] : [healAtMs, endMs]
}

/** What the callers of the process that meets the fault asked for in one phase. */
export function operationsIn(measurement: Measurement, phase: PhaseName): OperationRecord[] {
  return measurement.operations.filter((each) => each.process === 'main' && each.phase === phase)
}

/** From the moment an operation was due to the moment it settled; null while it has not. */
export function latencyMs(operation: OperationRecord): number | null {
  return operation.endMs === null ? null : operation.endMs - operation.dueMs
}

export interface Latency {
  p50Ms: number | null
  p99Ms: number | null
  worstMs: number | null
  settled: number
  pending: number
}

/** Of those that settled; the pending ones are only counted, as nobody knows how long they would have taken. */
export function latencyOf(operations: readonly OperationRecord[]): Latency {
  const settled = operations
    .map(latencyMs)
    .filter((ms) => ms !== null)
    .sort((left, right) => left - right)
  return {
    p50Ms: quantile(settled, 0.5),
    p99Ms: quantile(settled, 0.99),
    worstMs: settled.at(-1) ?? null,
    settled: settled.length,
    pending: operations.length - settled.length,
  }
}

/** Hits among the answered reads of the workload, 0..1; null without any. */
export function hitRatioOf(operations: readonly OperationRecord[]): { ratio: number | null; reads: number } {
  const reads = operations.filter((each) => each.group === 'workload' && each.source !== null)
  const hits = reads.filter((each) => each.source === 'hit').length
  return { ratio: reads.length === 0 ? null : hits / reads.length, reads: reads.length }
}
