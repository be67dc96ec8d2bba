import { adviceFor, type ClientAdvice } from './client-advice.js'
import type { KeyGroup, Measurement, OperationRecord } from '../../experiment/measurement.js'
import { other, self, staleReads, type StaleRead } from '../staleness.js'
import type { Budgets, Clause } from './clause.js'
import { answersFor, duration, quantity } from './wording.js'

const answers = answersFor('C9', 'nothing stale after recovery')
/** Fewer revoked keys would make a pass a matter of luck. */
const MIN_REVOKED = 20

/**
 * After the heal a process never answers less than what it had itself written, at once, and no process answers less
 * than what another had written once the budget has passed.
 */
export const nothingStale: Clause = {
  id: 'C9',
  title: 'nothing stale after recovery',
  judge(measurement, budgets) {
    const revoked = countRevoked(measurement)
    const overtaken = countOvertaken(measurement)
    const stale = findStale(measurement, budgets)
    const keys = new Set(stale.map(({ read }) => read.key)).size
    const lastMs = Math.max(0, ...stale.map(({ read }) => read.startMs - measurement.healAtMs))
    const numbers = {
      revokedKeys: revoked,
      overtakenLoads: overtaken,
      staleReads: stale.length,
      staleKeys: keys,
      lastStaleMs: keys > 0 ? lastMs : null,
    }

    if (stale.length > 0) {
      const { cause, change } = reasonsFor(adviceFor(measurement))[reasonOf(stale, measurement)]
      const worst = stale[stale.length - 1] as StaleRead
      return answers.fail(
        {
          happened: `${quantity(stale.length, 'read')} of ${quantity(keys, 'key')} answered an old value, the last one ${duration(lastMs)} after ${measurement.sourceTaken ? 'the source' : 'Redis'} was back: ${worst.read.key} said version ${worst.read.version} when version ${worst.write.version} had long been acknowledged.`,
          cause,
          change,
        },
        numbers,
      )
    }
    if (!measurement.isAlone && measurement.endMs - measurement.healAtMs <= budgets.staleMs) {
      return answers.notJudged(
        `the drill ended within the ${duration(budgets.staleMs)} after the heal in which other processes may still be stale`,
        numbers,
      )
    }
    if (revoked < MIN_REVOKED) {
      return answers.notJudged(
        `${quantity(revoked, 'key')} were deleted during the fault, their caller told so, and read${measurement.isAlone ? '' : ' by the second process'} after it; ${MIN_REVOKED} are needed`,
        numbers,
      )
    }
    if (measurement.isAlone) {
      return answers.pass(
        `${revoked} keys revoked during the fault, none of them stale at any time after the heal; other processes were not asked`,
        numbers,
      )
    }
    return answers.pass(
      `${revoked} keys deleted during the fault, none stale in the second process ${duration(budgets.staleMs)} after the heal, nor at any time in the first${overtaken > 0 ? `; ${quantity(overtaken, 'load')} overtaken by an invalidation, none of them kept` : ''}`,
      numbers,
    )
  },
}

/** Keys of which a read after the heal could have been stale: of a deletion that failed its caller expects nothing. */
function countRevoked({ operations, writes, faultAtMs, healAtMs, isAlone }: Measurement): number {
  const deletedMs = new Map(
    writes
      .filter(({ process, committedMs: at }) => process === 'main' && at >= faultAtMs && at < healAtMs)
      .map(({ key, acknowledgedMs }) => [key, acknowledgedMs ?? Infinity]),
  )
  const seen = operations.filter(
    (each) =>
      each.group === 'revoked' &&
      each.process === (isAlone ? 'main' : 'second') &&
      isAnsweredFrom(healAtMs, each),
  )
  return new Set(
    seen.filter(({ key, startMs }) => startMs > (deletedMs.get(key) ?? Infinity)).map(({ key }) => key),
  ).size
}

/** Loads of `main` that answered what `second` had invalidated meanwhile. */
function countOvertaken({ operations, writes }: Measurement): number {
  const loads = operations.filter(
    ({ group, process, source }) => group === 'raced' && process === 'main' && source === 'load',
  )
  return loads.filter(({ key, startMs, endMs, version }) =>
    writes.some(
      (write) =>
        write.process === 'second' &&
        write.key === key &&
        write.version > (version ?? Infinity) &&
        write.committedMs > startMs &&
        write.committedMs < (endMs ?? 0),
    ),
  ).length
}

function findStale(measurement: Measurement, { staleMs }: Budgets): StaleRead[] {
  const { operations, healAtMs } = measurement
  const own = operations.filter((each) => isAnsweredFrom(healAtMs, each))
  const late = own.filter((each) => each.startMs >= healAtMs + staleMs)
  return [...staleReads(measurement, own, self), ...staleReads(measurement, late, other)].sort(
    (left, right) => left.read.startMs - right.read.startMs,
  )
}

function isAnsweredFrom(fromMs: number, { kind, startMs, endMs }: OperationRecord): boolean {
  return kind === 'read' && startMs >= fromMs && endMs !== null
}

function reasonOf(stale: readonly StaleRead[], { writes, metByAll }: Measurement): Reason {
  const isOfMain = ({ key, version }: OperationRecord) =>
    writes.some((write) => write.process === 'main' && write.key === key && write.version === version)
  // Its path was never broken, and no write of the other process came between.
  const unheard =
    !metByAll &&
    stale.some(
      ({ read, write }) =>
        read.group !== 'raced' && read.process === 'second' && write.process === 'second' && !isOfMain(read),
    )
  // What goes wrong without an outage is named when nothing else does.
  const ofOutage = stale.filter(({ read }) => read.group !== 'raced' && read.group !== 'joined')
  if (ofOutage.length === 0) return mostOften(stale.map(({ read }) => read.group))
  return unheard ? 'unheard' : mostOften(ofOutage.map(({ read }) => read.group))
}

function mostOften(groups: readonly KeyGroup[]): KeyGroup {
  const count = (group: KeyGroup) => groups.filter((each) => each === group).length
  return (['contested', 'revoked', 'workload', 'raced', 'joined'] as const).reduce((best, group) =>
    count(group) > count(best) ? group : best,
  )
}

type Reason = KeyGroup | 'unheard'

const reasonsFor = ({ late }: ClientAdvice): Record<Reason, { cause: string; change: string }> => ({
  unheard: {
    cause:
      'a change does not invalidate what is cached, outage or not: the process whose path was never broken answers what it has itself replaced',
    change:
      'invalidate with every change, once it is committed, also at a logout, a ban or a change of roles, and await it before you answer',
  },
  contested: {
    cause:
      'a write of the outage landed late: the client had kept it in its queue, or the network had kept its bytes, and after the heal it overwrote what another process had changed meanwhile',
    change: late,
  },
  revoked: {
    cause: 'a delete of the outage never reached Redis, its error was swallowed, and nobody repeated it',
    change:
      'remember undelivered deletes, answer a miss for those keys, and deliver them before the first read after the heal',
  },
  raced: {
    cause:
      'a value that was loaded before an invalidation is stored after it: while one process loads what it missed, another one deletes the key, and the late set brings the old value back, outage or not',
    change:
      'let a delete leave a mark for a few seconds (a tombstone, a lease or a version), and let a set do nothing that was computed before it',
  },
  joined: {
    cause:
      'callers that ask for a key while it is loaded wait for that load, also those who come after an invalidation: they are given what was there before it, outage or not',
    change:
      'let an invalidation forget the load that is under way: nobody joins it any more, and what it answers is not stored',
  },
  workload: {
    cause: 'a write or delete of the outage was lost, and the value from before the outage is still in Redis',
    change:
      'treat a set that was not acknowledged like a delete: remember it, miss until it is delivered, deliver it first',
  },
})
