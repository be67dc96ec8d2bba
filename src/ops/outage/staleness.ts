import type { Measurement, OperationRecord, ProcessName, WriteRecord } from '../experiment/measurement.js'

/** A read that answered less than what somebody had already been told is written. */
export interface StaleRead {
  read: OperationRecord
  /** The newest write that the read should have known of. */
  write: WriteRecord & { acknowledgedMs: number }
}

/**
 * A read is stale when it answered version v and a write of that key with a higher version had been acknowledged before
 * the read *started*. A write that is still on its way may be seen or not.
 *
 * @param writer only writes of this process count
 */
export function staleReads(
  measurement: Measurement,
  reads: readonly OperationRecord[],
  writer: (read: OperationRecord) => ProcessName,
): StaleRead[] {
  const acknowledged = newestAcknowledged(measurement.writes)
  return reads.flatMap((read) => {
    if (read.kind !== 'read' || read.version === null || read.endMs === null || read.error !== null) return []
    const write = acknowledged(read.key, writer(read), read.startMs)
    return write !== undefined && write.version > read.version ? [{ read, write }] : []
  })
}

export const self = (read: OperationRecord): ProcessName => read.process
export const other = (read: OperationRecord): ProcessName => (read.process === 'main' ? 'second' : 'main')

type Acknowledged = StaleRead['write']

/** Looks up the highest version of a key that a process had been told of before an instant. */
function newestAcknowledged(writes: readonly WriteRecord[]) {
  const byKey = new Map<string, Acknowledged[]>()
  const known = writes.filter((write): write is Acknowledged => write.acknowledgedMs !== null)
  for (const write of [...known].sort((left, right) => left.acknowledgedMs - right.acknowledgedMs)) {
    const slot = `${write.process} ${write.key}`
    const earlier = byKey.get(slot)
    const best = earlier?.at(-1)
    // Each entry is the best so far, so that the last one before an instant is the answer.
    if (!earlier) byKey.set(slot, [write])
    else if (!best || write.version > best.version) earlier.push(write)
  }
  return (key: string, process: ProcessName, beforeMs: number): Acknowledged | undefined =>
    byKey.get(`${process} ${key}`)?.findLast((write) => write.acknowledgedMs < beforeMs)
}
