import type { CheckRecord } from '../experiment/limiting.js'
import type { Measurement, OperationRecord } from '../experiment/measurement.js'
import { latencyMs, latencyOf } from '../experiment/traffic.js'
import type { DrillSeries } from '../report/drill-series.js'

/** What a page is wide enough for; a drill of 13 s then has a step of 250 ms. */
const MOST_STEPS = 80
const STEPS_MS = [250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]

/**
 * What callers of the process that meets the fault saw, step by step; undefined when nothing was asked.
 *
 * @param worstMs what takes longer is late
 */
export function seriesOf(measurement: Measurement, worstMs: number): DrillSeries | undefined {
  const { faultAtMs, healAtMs, endMs, limiting, unseen } = measurement
  const operations = measurement.operations.filter(({ process }) => process === 'main')
  if (operations.length === 0) return undefined
  const stepMs = STEPS_MS.find((ms) => endMs / ms <= MOST_STEPS) ?? Math.ceil(endMs / MOST_STEPS)
  // What is left over in the end makes the last step longer: in a few ms of its own a single answer would be a peak.
  const count = Math.max(1, Math.round(endMs / stepMs))
  const inSteps = <T>(all: readonly T[], atOf: (each: T) => number) => stepsOf(all, atOf, stepMs, count)

  const asked = inSteps(operations, ({ dueMs }) => dueMs)
  const latencies = asked.map(latencyOf)
  const counted = (fits: (operation: OperationRecord) => boolean) =>
    asked.map((each) => each.filter(fits).length)
  const isLate = (operation: OperationRecord) => (latencyMs(operation) ?? 0) > worstMs
  // As C8 counts them: keys that were revoked, contested or raced are read again and again after the heal.
  const isInTime = (operation: OperationRecord) =>
    operation.group === 'workload' && operation.error === null && !isLate(operation)
  const vitals = inSteps(measurement.vitals, ({ atMs }) => atMs)
  const most = (pick: (each: Measurement['vitals'][number]) => number) =>
    vitals.map((each) => (each.length === 0 ? null : Math.max(...each.map(pick))))
  const loads = inSteps(
    measurement.loads.filter(({ process, atMs }) => process === 'main' && atMs <= endMs),
    ({ atMs }) => atMs,
  )
  const checks = limiting && checksOf(inSteps(limiting.checks, ({ startMs }) => startMs))
  return {
    faultAtMs,
    healAtMs,
    endMs,
    stepMs,
    atMs: asked.map((_, index) => index * stepMs),
    p50Ms: latencies.map(({ p50Ms }) => p50Ms),
    worstMs: latencies.map(({ worstMs }) => worstMs),
    operations: asked.map(({ length }) => length),
    errors: counted(({ error }) => error !== null),
    pending: latencies.map(({ pending }) => pending),
    late: counted((operation) => operation.error === null && isLate(operation)),
    hits: counted((operation) => operation.source === 'hit' && isInTime(operation)),
    fallbacks: counted((operation) => operation.source === 'load' && isInTime(operation)),
    ...(checks && { checks }),
    ...(unseen?.C7 === undefined && {
      sourcePerSecond: loads.map(
        ({ length }, index) => (length * 1000) / (index === count - 1 ? endMs - index * stepMs : stepMs),
      ),
    }),
    rssBytes: most(({ rssBytes }) => rssBytes),
    sockets: most(({ sockets }) => sockets),
    inFlight: most(({ inFlight }) => inFlight),
  }
}

function stepsOf<T>(all: readonly T[], atOf: (each: T) => number, stepMs: number, count: number): T[][] {
  const steps = Array.from({ length: count }, (): T[] => [])
  for (const each of all) {
    const at = Math.floor(atOf(each) / stepMs)
    steps[Math.min(Math.max(at, 0), count - 1)]!.push(each)
  }
  return steps
}

function checksOf(steps: readonly CheckRecord[][]): NonNullable<DrillSeries['checks']> {
  const counted = (fits: (check: CheckRecord) => boolean) => steps.map((each) => each.filter(fits).length)
  return {
    allowed: counted(({ allowed, counted: isCounted }) => allowed === true && isCounted),
    denied: counted(({ allowed, counted: isCounted }) => allowed === false && isCounted),
    uncounted: counted(({ allowed, counted: isCounted }) => allowed !== null && !isCounted),
  }
}
