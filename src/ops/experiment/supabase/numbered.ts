import type { Measurement, OperationRecord, WriteRecord } from '../measurement.js'

/**
 * Numbers the versions of records whose database stamps them by its own clock: what operations have for a version is such
 * a stamp, and becomes 1 for the one that the record was created with, 2 for the next, and so on. Pure.
 *
 * - Writes of one record that were under way together have one number: which came last only the database knows.
 * - A stamp that no write was told of has none, so that it is a wrong answer; unless a write failed or never returned, which
 *   may have been carried out: then it has the number of the newest known one before it.
 * - When a write was committed is not known; it counts from its start, before which nobody can have seen it.
 *
 * @param created by key: the stamp that its record was created with
 */
export function numbered(
  operations: readonly OperationRecord[],
  created: ReadonlyMap<string, number>,
): Pick<Measurement, 'operations' | 'writes'> {
  const writesOf = new Map<string, OperationRecord[]>()
  for (const each of operations) {
    if (each.kind !== 'read') writesOf.set(each.key, [...(writesOf.get(each.key) ?? []), each])
  }
  const histories = new Map(
    [...created].map(([key, stamp]) => [key, historyOf(writesOf.get(key) ?? [], stamp)] as const),
  )
  return {
    operations: operations.map((each) => {
      if (each.version === null) return each
      return { ...each, version: histories.get(each.key)?.numberOf(each.version) ?? null }
    }),
    writes: [...histories.values()].flatMap(({ writes }) => writes),
  }
}

interface History {
  numberOf(stamp: number): number | null
  writes: WriteRecord[]
}

function historyOf(operations: readonly OperationRecord[], created: number): History {
  const told = operations
    .filter((each) => isTold(each))
    .toSorted((left, right) => left.version - right.version)
  const isSure = told.length === operations.length
  const known = [{ stamp: created, number: 1 }]
  const writes: WriteRecord[] = []
  let number = 1
  let fromMs = 0
  let untilMs = -Infinity
  for (const { key, process, version: stamp, startMs, endMs } of told) {
    const isAlone = startMs > untilMs
    if (isAlone) number += 1
    fromMs = isAlone ? startMs : Math.min(fromMs, startMs)
    untilMs = Math.max(untilMs, endMs)
    known.push({ stamp, number })
    writes.push({ key, version: number, process, committedMs: fromMs, acknowledgedMs: endMs })
  }
  return {
    writes,
    numberOf: (stamp) => {
      const newest = known.findLast((each) => each.stamp <= stamp)
      return newest && (newest.stamp === stamp || !isSure) ? newest.number : null
    },
  }
}

function isTold(write: OperationRecord): write is OperationRecord & { version: number; endMs: number } {
  return write.version !== null && write.endMs !== null && write.error === null
}
