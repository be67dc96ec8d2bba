import type { CheckRecord, LimiterDeclaration, Limiting } from '../../../src/ops/experiment/limiting.js'
import type {
  KeysLeft,
  Measurement,
  OperationRecord,
  Vitals,
  WriteRecord,
} from '../../../src/ops/experiment/measurement.js'
import { phaseAt } from '../../../src/ops/experiment/recording.js'

const TIMES = { faultAtMs: 1000, healAtMs: 4000, endMs: 10_000 }

/** One operation of `main` that took 1 ms, in the phase that its time says. */
export function operation(atMs: number, overrides: Partial<OperationRecord> = {}): OperationRecord {
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

export function write(atMs: number, overrides: Partial<WriteRecord> = {}): WriteRecord {
  return {
    key: 'drill:workload:1',
    version: 2,
    process: 'main',
    committedMs: atMs,
    acknowledgedMs: atMs + 1,
    ...overrides,
  }
}

/** A small process that does nothing unusual. */
export function vitals(atMs: number, overrides: Partial<Vitals> = {}): Vitals {
  return { atMs, rssBytes: 100 * 1024 * 1024, sockets: 1, inFlight: 2, printedBytes: 0, ...overrides }
}

const LIMITERS: LimiterDeclaration[] = [
  { name: 'api', limit: 5, windowMs: 500, onUnavailable: 'allow' },
  { name: 'login', limit: 5, windowMs: 500, onUnavailable: 'deny' },
]

/** A check every 50 ms in each limiter: the first five of a window allowed; in the fault the policy's. */
export function limitingOf(faultAtMs: number, healAtMs: number, endMs: number): Limiting {
  const times = Array.from({ length: endMs / 50 }, (_, index) => index * 50)
  const checks = times.flatMap((startMs) =>
    LIMITERS.map(({ name: limiter, onUnavailable }): CheckRecord => {
      const counted = startMs < faultAtMs || startMs >= healAtMs
      const allowed = counted ? startMs % 500 < 250 : onUnavailable === 'allow'
      return { limiter, startMs, endMs: startMs + 1, error: null, allowed, counted }
    }),
  )
  return { limiters: LIMITERS, checks }
}

/** Keys as they should be left: each with a time to live, and none with a longer one than is declared. */
export function keysLeft(prefix: string, overrides: Partial<KeysLeft> = {}): KeysLeft {
  return { prefix, keys: 1, withoutTtl: 0, longestTtlMs: 290_000, ...overrides }
}

/** 24 keys that `main` deletes during the fault and `second` reads, loaded afresh, well after the heal. */
export function revocations(count: number): Pick<Measurement, 'operations' | 'writes'> {
  const keys = Array.from({ length: count }, (_, index) => `drill:revoked:${index}`)
  return {
    writes: keys.map((key, index) => write(1100 + index, { key })),
    operations: keys.map((key, index) =>
      operation(5500 + index, { key, group: 'revoked', process: 'second', version: 2, source: 'load' }),
    ),
  }
}

/**
 * A subject that keeps every promise: 40 reads a second, hits outside the fault and loads within it. Tests change what
 * they are about.
 */
export function goodMeasurement(overrides: Partial<Measurement> = {}): Measurement {
  const reads = Array.from({ length: TIMES.endMs / 25 }, (_, index) => {
    const atMs = index * 25
    return operation(atMs, phaseAt(atMs, TIMES) === 'during' ? { source: 'load' } : {})
  })
  const { operations, writes } = revocations(24)
  return {
    fault: 'stall',
    subject: 'hand-made',
    seed: 1,
    ratePerSecond: 40,
    ...TIMES,
    operations: [...reads, ...operations],
    writes,
    loads: reads
      .filter(({ source }) => source === 'load')
      .map(({ key, startMs }) => ({ key, process: 'main', atMs: startMs })),
    signals: [{ kind: 'status', atMs: 1120, text: 'down' }],
    signalsDropped: 0,
    limiting: limitingOf(TIMES.faultAtMs, TIMES.healAtMs, TIMES.endMs),
    vitals: Array.from({ length: TIMES.endMs / 100 }, (_, index) => vitals(index * 100)),
    instances: (['healthy', 'fault', 'unconfigured'] as const).map((condition) => ({
      condition,
      type: 'HandMadeCache',
      methods: ['del', 'get', 'set'],
      error: null,
    })),
    leftovers: {
      keys: [keysLeft('drill:workload', { keys: 200 })],
      connections: 0,
      declaredTtlMs: 300_000,
    },
    witness: { witnessed: true, evidence: '1 connection held', counts: {} },
    unprepared: null,
    died: null,
    incomplete: null,
    interruptedIn: null,
    ...overrides,
  }
}

/** The good measurement with further operations and writes. */
export function withMore(
  operations: OperationRecord[],
  writes: WriteRecord[] = [],
  overrides: Partial<Measurement> = {},
): Measurement {
  const good = goodMeasurement()
  return {
    ...good,
    operations: [...good.operations, ...operations],
    writes: [...good.writes, ...writes],
    ...overrides,
  }
}
