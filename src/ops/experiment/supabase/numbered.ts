import type { Measurement, OperationRecord, WriteRecord } from '../measurement.js'
import type { Stamps } from './stamps.js'

export interface Known {
  /** The stamps that the records were created with. */
  created: Stamps
  /** Those that they have when all is over. */
  latest: Stamps
  /** The database's clock at the first instant of `before`. */
  originMs: number
}

/**
 * Numbers the versions of records whose database stamps them by its own clock: what operations have for a version is such
 * a stamp, and becomes 1 for the one that the record was created with, 2 for the next, and so on. Pure.
 *
 * - Writes of one record that were under way together have one number: which came last only the database knows.
 * - A stamp that no write was told of has none, so that it is a wrong answer; unless a write failed or never returned, which
 *   may have been carried out: then it has the number of the newest known one before it.
 * - What the record has in the end, and no write was told of, was made by one that failed. It counts as acknowledged when the
 *   last of those had failed: from then on its process knows that there may be a newer one.
 * - When a write was committed is not known; it counts from its start, before which nobody can have seen it.
 */
export function numbered(
  operations: readonly OperationRecord[],
  { created, latest, originMs }: Known,
): Pick<Measurement, 'operations' | 'writes'> {
  const writesOf = new Map<string, OperationRecord[]>()
  for (const each of operations) {
    if (each.kind !== 'read') writesOf.set(each.key, [...(writesOf.get(each.key) ?? []), each])
  }
  const histories = new Map(
    [...created].map(([key, stamp]) => {
      const last = latest.get(key) ?? Number.NaN
      return [key, historyOf(writesOf.get(key) ?? [], stamp, last, originMs)] as const
    }),
  )
  return {
    operations: operations.map((each) => {
      if (each.version === null) return each
      return { ...each, version: histories.get(each.key)?.numberOf(each.version) ?? null }
    }),
    writes: [...histories.values()].flatMap(({ writes }) => writes),
  }
}

/** A write whose stamp is older than its failure by less may have been carried out after it. */
const CLOCK_MS = 100

interface History {
  numberOf(stamp: number): number | null
  writes: WriteRecord[]
}

function historyOf(
  operations: readonly OperationRecord[],
  created: number,
  latest: number,
  originMs: number,
): History {
  const told = operations
    .filter((each) => isTold(each))
    .toSorted((left, right) => left.version - right.version)
  const untold = operations.filter((each) => !isTold(each))
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
  const [failed] = untold
  if (failed && latest > (known.at(-1)?.stamp ?? Infinity)) {
    const failedMs = Math.max(...untold.map(({ endMs }) => endMs ?? Infinity))
    const isKnown = Number.isFinite(failedMs) && latest + CLOCK_MS < originMs + failedMs
    known.push({ stamp: latest, number: number + 1 })
    writes.push({
      key: failed.key,
      version: number + 1,
      process: failed.process,
      committedMs: Math.min(...untold.map(({ startMs }) => startMs)),
      acknowledgedMs: isKnown ? failedMs : null,
    })
  }
  return {
    writes,
    numberOf: (stamp) => {
      const newest = known.findLast((each) => each.stamp <= stamp)
      return newest && (newest.stamp === stamp || untold.length > 0) ? newest.number : null
    },
  }
}

function isTold(write: OperationRecord): write is OperationRecord & { version: number; endMs: number } {
  return write.version !== null && write.endMs !== null && write.error === null
}
