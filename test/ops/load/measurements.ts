import type { Measurement, OperationRecord } from '../../../src/ops/experiment/measurement.js'
import { phaseAt } from '../../../src/ops/experiment/recording.js'

export const TIMES = { faultAtMs: 5000, healAtMs: 10_000, endMs: 15_000 }
export const RATE = 200

/** One read of `main` that took 1 ms. */
export function read(atMs: number, overrides: Partial<OperationRecord> = {}): OperationRecord {
  return {
    kind: 'read',
    key: 'drill:workload:0',
    group: 'workload',
    process: 'main',
    phase: phaseAt(atMs, TIMES),
    dueMs: atMs,
    startMs: atMs,
    endMs: atMs + 1,
    error: null,
    version: 1,
    source: 'hit',
    ...overrides,
  }
}

/**
 * Five seconds each at 200 reads a second: hits of 1 ms, but misses of 4 ms under the fault. Before and after every
 * tenth is a miss too. `change` is given every read.
 */
export function measurementOf(
  change: (read: OperationRecord, index: number) => Partial<OperationRecord> = () => ({}),
  overrides: Partial<Measurement> = {},
): Measurement {
  const operations = Array.from({ length: (TIMES.endMs * RATE) / 1000 }, (_, index) => {
    const atMs = (index * 1000) / RATE
    const during = phaseAt(atMs, TIMES) === 'during'
    const usual = read(atMs, {
      ...(during || index % 10 === 0 ? { source: 'load' as const } : {}),
      ...(during ? { endMs: atMs + 4 } : {}),
    })
    return { ...usual, ...change(usual, index) }
  })
  return {
    fault: 'refused',
    subject: 'hand-made',
    seed: 1,
    ratePerSecond: RATE,
    ...TIMES,
    operations,
    writes: [],
    loads: operations
      .filter(({ source }) => source === 'load')
      .map(({ key, startMs }) => ({ key, process: 'main', atMs: startMs })),
    signals: [],
    signalsDropped: 0,
    vitals: [],
    instances: [],
    witness: { witnessed: true, evidence: '1 connection cut', counts: {} },
    unprepared: null,
    died: null,
    incomplete: null,
    interruptedIn: null,
    ...overrides,
  }
}
