import type { Measurement, OperationRecord } from '../experiment/measurement.js'

/** From the fault to the first answer of a read that began under it, in the process that meets it; null = not before the heal. */
export function timeToFallbackMs({ operations, faultAtMs, healAtMs }: Measurement): number | null {
  const reads = operations.filter(
    ({ process, kind, startMs, error }) =>
      process === 'main' && kind === 'read' && startMs >= faultAtMs && error === null,
  )
  const endMs = earliestEnd(reads)
  return endMs === null || endMs >= healAtMs ? null : endMs - faultAtMs
}

/** From the heal to the first hit of an operation that began after it, in the process that met the fault; null = never. */
export function firstHitAfterHealMs({ operations, healAtMs }: Measurement): number | null {
  const hits = operations.filter(
    ({ process, source, startMs }) => process === 'main' && source === 'hit' && startMs >= healAtMs,
  )
  const endMs = earliestEnd(hits)
  return endMs === null ? null : endMs - healAtMs
}

/** From the heal to the first sign that the backend is used again: a hit, or where hits are not told, an answer at its door. */
export function recoveredAfterMs(measurement: Measurement): number | null {
  const { backendUsedAgainMs: usedAgainMs, healAtMs } = measurement
  if (usedAgainMs === undefined) return firstHitAfterHealMs(measurement)
  return usedAgainMs === null ? null : usedAgainMs - healAtMs
}

function earliestEnd(operations: readonly OperationRecord[]): number | null {
  return operations.reduce<number | null>(
    (first, { endMs }) => (endMs === null || (first !== null && first <= endMs) ? first : endMs),
    null,
  )
}
