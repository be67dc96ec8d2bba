import type { Measurement, OperationRecord } from '../../experiment/measurement.js'
import { self, staleReads } from '../staleness.js'
import type { Clause } from './clause.js'
import { answersFor, quantity } from './wording.js'

const answers = answersFor('C2', "the answer equals the source's")

/**
 * Every answered read is a version of that key which the source held; before and during the fault it is also not older
 * than what the reading process itself had written. Staleness after the heal is C9's.
 */
export const rightAnswer: Clause = {
  id: 'C2',
  title: "the answer equals the source's",
  judge(measurement) {
    const reads = measurement.operations.filter(isAnswered)
    if (reads.length === 0) return answers.notJudged('no read was answered')

    const invented = findInvented(measurement, reads)
    const foreign = reads.filter((read) => read.foreignKey !== undefined)
    const wrong = reads.filter((read) => read.foreignKey === undefined && invented(read))
    const earlier = reads.filter((read) => read.phase !== 'after')
    const stale = staleReads(measurement, earlier, self)
    const numbers = {
      reads: reads.length,
      foreign: foreign.length,
      wrong: wrong.length,
      stale: stale.length,
    }
    const happened = [
      foreign[0] &&
        `${quantity(foreign.length, 'read')} answered another key (${foreign[0].key} got ${foreign[0].foreignKey})`,
      wrong[0] &&
        `${quantity(wrong.length, 'read')} answered what was never written (${wrong[0].key}: ${wrong[0].version ?? 'null'})`,
      stale[0] &&
        `${quantity(stale.length, 'read')} answered an older version than this process had written (${stale[0].read.key}: ${stale[0].read.version} instead of ${stale[0].write.version})`,
    ].filter(Boolean)
    if (happened.length === 0) {
      return answers.pass(`${quantity(reads.length, 'read')} answered what the source held`, numbers)
    }
    return answers.fail(
      {
        happened: `Of ${quantity(reads.length, 'answered read')}, ${happened.join('; ')}.`,
        cause:
          foreign.length > 0
            ? 'replies and requests on the connection are no longer paired'
            : wrong.length > 0
              ? 'what came back from the backend was taken for a value without a check'
              : 'a write did not reach the backend, and the old value was still served from there',
        change:
          stale.length > 0 && foreign.length + wrong.length === 0
            ? 'treat a key whose last write or delete was not acknowledged as a miss until it has been'
            : 'check on every hit that the value is of the key and shape asked for; anything else is a miss',
      },
      numbers,
    )
  },
}

function isAnswered(operation: OperationRecord): boolean {
  return operation.kind === 'read' && operation.endMs !== null && operation.error === null
}

/** Tells a version that the source cannot have held by the time the read returned. */
function findInvented(measurement: Measurement, reads: readonly OperationRecord[]) {
  const asked = new Set(reads.map((read) => read.key))
  const commits = new Map<string, number[]>()
  for (const write of measurement.writes) {
    if (!asked.has(write.key)) continue
    const times = commits.get(write.key) ?? []
    times[write.version] = write.committedMs
    commits.set(write.key, times)
  }
  return (read: OperationRecord): boolean => {
    const { version } = read
    if (version === null || !Number.isInteger(version) || version < 1) return true
    const times = commits.get(read.key)
    const committedMs = times?.[version]
    if (committedMs !== undefined) return committedMs > (read.endMs ?? Infinity)
    // Versions up to the first recorded one were there when the drill began.
    const firstRecorded = times?.findIndex((time) => time !== undefined) ?? -1
    return firstRecorded === -1 ? version > 1 : version >= firstRecorded
  }
}
