import type { Measurement, OperationRecord } from '../../experiment/measurement.js'
import type { ClauseResult } from '../../report/drill-report.js'
import { firstHitAfterHealMs, recoveredAfterMs } from '../times.js'
import { hitRatioOf, operationsIn } from '../../experiment/traffic.js'
import { adviceFor } from './client-advice.js'
import type { Budgets, Clause } from './clause.js'
import { answersFor, duration, percent, quantity } from './wording.js'

const answers = answersFor('C8', 'recovers by itself')
/** Below this many reads a ratio is chance. */
const MIN_READS = 20

/**
 * Without a restart the first hit comes within its budget, and then hits are as frequent as before: counted in the second
 * half of what `after` has left then, so that there is time to warm up, however late the first hit comes. Who reads a key for
 * the first time since the heal cannot find what the outage has taken; that does not count.
 */
export const recovers: Clause = {
  id: 'C8',
  title: 'recovers by itself',
  judge(measurement, budgets) {
    const { healAtMs, endMs } = measurement
    if (measurement.backendUsedAgainMs !== undefined) return usesItAgain(measurement, budgets)
    const watchedMs = endMs - healAtMs
    const before = hitRatioOf(operationsIn(measurement, 'before'))
    const firstHitMs = firstHitAfterHealMs(measurement)
    const fromMs = healAtMs + (watchedMs + (firstHitMs ?? 0)) / 2
    const late = hitRatioOf(
      readAgain(operationsIn(measurement, 'after')).filter((each) => each.dueMs >= fromMs),
    )
    const numbers = { firstHitMs, watchedMs, hitRatioBefore: before.ratio, hitRatioAfter: late.ratio }

    if (before.ratio === null || before.reads < MIN_READS) {
      return answers.notJudged(`only ${before.reads} reads were answered before the fault`, numbers)
    }
    if (before.ratio === 0) return answers.fail(neverAHit(before.reads), numbers)
    if (firstHitMs === null && watchedMs < budgets.recoverMs) {
      return answers.notJudged(
        `no hit in the ${duration(watchedMs)} after the heal, but ${duration(budgets.recoverMs)} are allowed; a longer --after tells`,
        numbers,
      )
    }
    if (firstHitMs === null || firstHitMs > budgets.recoverMs) {
      return answers.fail(
        {
          happened: `${measurement.sourceTaken ? 'The source' : 'Redis'} was back, but ${firstHitMs === null ? `there was no hit in the ${duration(watchedMs)} that were watched` : `the first hit came ${duration(firstHitMs)} later`} (budget ${duration(budgets.recoverMs)}).`,
          ...adviceFor(measurement).again,
        },
        numbers,
      )
    }
    if (late.ratio === null || late.reads < MIN_READS) {
      return answers.notJudged(
        `only ${late.reads} reads were answered after the first hit; a longer --after tells`,
        numbers,
      )
    }
    if (late.ratio < budgets.hitRatioShare * before.ratio) {
      return answers.fail(
        {
          happened: `Hits did not come back: ${percent(late.ratio)} of reads at the end, ${percent(before.ratio)} before the fault.`,
          cause:
            'values are no longer written back after a miss, or the connection keeps failing part of the time',
          change:
            'look at the errors of set since the heal, and at the breaker: it must close again after one good probe',
        },
        numbers,
      )
    }
    return answers.pass(
      `first hit ${duration(firstHitMs)} after the heal; hit ratio ${percent(late.ratio)} (${percent(before.ratio)} before)`,
      numbers,
    )
  },
}

/** Its keys had been read, and stored, before there was any traffic. */
function neverAHit(reads: number) {
  return {
    happened: `With nothing wrong, none of ${quantity(reads, 'read')} was a hit, although each key had been read and stored before: there is nothing to come back, and the source bears everything all the time.`,
    cause:
      'what is stored never comes back: the client parses values which the code parses once more (@upstash/redis), the key that is written is not the one that is read, or the time to live is over at once; and a catch takes each of them for a miss',
    change:
      'store one value and read it back where the cache is made, and export the ratio of hits; for @upstash/redis automaticDeserialization: false',
  }
}

/** Without the first read of each key. */
function readAgain(after: readonly OperationRecord[]): OperationRecord[] {
  const answeredMs = new Map<string, number>()
  for (const { kind, key, endMs } of after) {
    if (kind === 'read' && endMs !== null && endMs < (answeredMs.get(key) ?? Infinity))
      answeredMs.set(key, endMs)
  }
  return after.filter(({ key, startMs }) => startMs > (answeredMs.get(key) ?? Infinity))
}

/** Of a subject that does not tell its hits: the backend answers it again. */
function usesItAgain(measurement: Measurement, { recoverMs }: Budgets): ClauseResult {
  const { healAtMs, endMs } = measurement
  const watchedMs = endMs - healAtMs
  const againMs = recoveredAfterMs(measurement)
  const numbers = { usedAgainMs: againMs, watchedMs }
  if (againMs !== null && againMs <= recoverMs) {
    return answers.pass(
      `it used its backend again ${duration(againMs)} after the heal; hits are not seen from outside`,
      numbers,
    )
  }
  if (againMs === null && watchedMs < recoverMs) {
    return answers.notJudged(
      `the backend was not used in the ${duration(watchedMs)} after the heal, but ${duration(recoverMs)} are allowed; a longer --after tells`,
      numbers,
    )
  }
  return answers.fail(
    {
      happened: `It was back, but ${againMs === null ? `nobody used it in the ${duration(watchedMs)} that were watched` : `was used only ${duration(againMs)} later`} (budget ${duration(recoverMs)}).`,
      ...adviceFor(measurement).again,
    },
    numbers,
  )
}
