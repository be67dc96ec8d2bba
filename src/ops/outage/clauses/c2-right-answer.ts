import type { Measurement, OperationRecord } from '../../experiment/measurement.js'
import { self, staleReads } from '../staleness.js'
import type { Clause } from './clause.js'
import { answersFor, quantity } from './wording.js'

const answers = answersFor('C2', "the answer equals the source's")

/** What the host notes of an answer that names no key at all, and is none of the drill's values. */
const NO_KEY = '(none)'

/**
 * Every answered read is a version of that key which the source held, and of a viewer who may read it; before and during the
 * fault it is also not older than what the reading process itself had written. Staleness after the heal is C9's.
 */
export const rightAnswer: Clause = {
  id: 'C2',
  title: "the answer equals the source's",
  judge(measurement) {
    const reads = measurement.operations.filter(isAnswered)
    if (reads.length === 0) return answers.notJudged('no read was answered')

    const invented = findInvented(measurement, reads)
    const forbidden = reads.filter((read) => read.forbidden === true)
    const foreign = reads.filter(({ foreignKey }) => foreignKey !== undefined && foreignKey !== NO_KEY)
    const wrong = reads.filter(
      (read) =>
        read.foreignKey === NO_KEY ||
        (read.foreignKey === undefined && read.denied !== true && read.forbidden !== true && invented(read)),
    )
    const earlier = reads.filter((read) => read.phase !== 'after')
    const stale = staleReads(measurement, earlier, self)
    const altered = reads.filter((read) => read.altered === true)
    const shared = reads.filter((read) => read.shared === true)
    const byOthers = reads.filter(({ viewer }) => viewer !== undefined && viewer !== 'owner')
    const numbers = {
      reads: reads.length,
      foreign: foreign.length,
      wrong: wrong.length,
      stale: stale.length,
      ...(altered.length > 0 && { altered: altered.length }),
      ...(shared.length > 0 && { shared: shared.length }),
      ...(byOthers.length > 0 && { readsByOthers: byOthers.length, forbidden: forbidden.length }),
    }
    const happened = [
      forbidden[0] &&
        `${quantity(forbidden.length, 'read')} answered somebody with whom it is not shared (${forbidden[0].key} was shown to ${measurement.isAlone ? 'a stranger' : VIEWERS[forbidden[0].viewer ?? 'stranger']})`,
      foreign[0] &&
        `${quantity(foreign.length, 'read')} answered another key (${foreign[0].key} got ${foreign[0].foreignKey})`,
      wrong[0] &&
        `${quantity(wrong.length, 'read')} answered what was never written (${wrong[0].key}: ${wrong[0].version ?? 'null'})`,
      stale[0] &&
        `${quantity(stale.length, 'read')} answered an older version than this process had written (${stale[0].read.key}: ${stale[0].read.version} instead of ${stale[0].write.version})`,
      altered[0] &&
        `${quantity(altered.length, 'read')} answered other content than an earlier one of the same version (${altered[0].key}, version ${altered[0].version})`,
      shared[0] &&
        `${quantity(shared.length, 'read')} answered an object that another caller had changed meanwhile (${shared[0].key})`,
    ].filter(Boolean)
    if (happened.length === 0) {
      const others =
        byOthers.length > 0
          ? `; none of the ${byOthers.length} by somebody else than the owner showed what is not shared`
          : ''
      return answers.pass(`${quantity(reads.length, 'read')} answered what the source held${others}`, numbers)
    }
    const kinds = [forbidden, foreign, wrong, stale.length > 0 ? [] : altered, stale.length > 0 ? [] : shared]
    const worst = kinds.findIndex((each) => each.length > 0)
    return answers.fail(
      {
        happened: `Of ${quantity(reads.length, 'answered read')}, ${happened.join('; ')}.`,
        cause: causeOf(worst, measurement),
        change: CHANGES[worst] ?? ACKNOWLEDGED,
      },
      numbers,
    )
  },
}

const VIEWERS = {
  owner: 'its owner',
  stranger: 'a stranger of the same tenant',
  outsider: 'somebody of another tenant',
}
const UNCHECKED = 'what came back from the backend was taken for a value without a check'
const CAUSES = [
  'the permission is decided where a record is loaded, so that it is skipped when the cache has it',
  'replies and requests on the connection are no longer paired',
  UNCHECKED,
  'what comes out of the cache is not what was put in: JSON makes text of a Date, {} of a Map or a Set, and leaves undefined out',
  'whoever waits for the same load is handed the same object, and what one of them changes in it the others see',
]
const PERMISSION =
  'cache the record as it is, below the permission, and decide who may read it on every call, hit or miss'
const CHECKED = 'check on every hit that the value is of the key and shape asked for; anything else is a miss'
const REVIVED =
  'cache what JSON can hold, or revive each field when it is read, and compare a hit with a miss in a test'
const OWN = 'keep the text of what was loaded, and parse it for each caller, as for a hit'
const CHANGES = [PERMISSION, CHECKED, CHECKED, REVIVED, OWN]
const ACKNOWLEDGED = 'treat a key whose last write or delete was not acknowledged as a miss until it has been'

/** @param worst index in CAUSES; -1 when nothing but old values was answered */
function causeOf(worst: number, { sourceTaken }: Measurement): string {
  if (sourceTaken && CAUSES[worst] === UNCHECKED)
    return 'that the source could not be asked was taken for its answer, and perhaps cached'
  return CAUSES[worst] ?? 'a write did not reach the backend, and the old value was still served from there'
}

function isAnswered(operation: OperationRecord): boolean {
  const { kind, endMs, error, opaque } = operation
  return kind === 'read' && endMs !== null && error === null && opaque !== true
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
