import { keysOf } from '../experiment/keys.js'
import type { Measurement, OperationRecord } from '../experiment/measurement.js'
import { latencyMs } from '../experiment/traffic.js'

/** What callers and the source saw between two instants. */
export interface TrafficWindow {
  durationMs: number
  /** Operations that were due in it and have been started. */
  sent: number
  ok: number
  errors: number
  /** Never answered: neither in the run nor in the time of grace after it. */
  pending: number
  /** In ascending order, from when an operation was due; Infinity for one that was never answered. */
  latencies: number[]
  /** Reads that were answered, and those of them that the cache answered. */
  reads: number
  hits: number
  /** Reads of the source of truth. */
  loads: number
}

/** The seeded traffic of a measurement, without what the experiment adds to look for lost and stale data. */
export interface Traffic {
  /** @param endMs the first instant after it */
  between(startMs: number, endMs: number): TrafficWindow
}

export function trafficOf(measurement: Measurement): Traffic {
  const keys = new Set(keysOf('workload'))
  const operations = measurement.operations.filter(
    ({ process, group }) => process === 'main' && group === 'workload',
  )
  const loads = measurement.loads.filter(({ process, key }) => process === 'main' && keys.has(key))
  return {
    between: (startMs, endMs) => {
      const within = (atMs: number) => atMs >= startMs && atMs < endMs
      return windowOf(
        operations.filter(({ dueMs }) => within(dueMs)),
        loads.filter(({ atMs }) => within(atMs)).length,
        endMs - startMs,
      )
    },
  }
}

function windowOf(operations: readonly OperationRecord[], loads: number, durationMs: number): TrafficWindow {
  const errors = operations.filter(({ error }) => error !== null).length
  const pending = operations.filter(({ endMs }) => endMs === null).length
  const answered = operations.filter(({ kind, source }) => kind === 'read' && source !== null)
  return {
    durationMs,
    sent: operations.length,
    ok: operations.length - errors - pending,
    errors,
    pending,
    latencies: operations
      .map((operation) => latencyMs(operation) ?? Infinity)
      // Infinity minus itself is no order.
      .sort((left, right) => (left === right ? 0 : left - right)),
    reads: answered.length,
    hits: answered.filter(({ source }) => source === 'hit').length,
    loads,
  }
}
