import type { Measurement } from '../../experiment/measurement.js'
import type { Clause } from './clause.js'
import { answersFor, quantity } from './wording.js'

const answers = answersFor('C7', 'bounded load on the source')
const SECOND_MS = 1000
/** Reads that began before the fault may load within it. */
const LATE_LOADS = 5

/**
 * Without a cache every read is a read of the source: that much is inherent. From the fault on it is never more than one
 * for each, and it does not come all at once. A write that reads first, to find whether it may be done, is such a read, too.
 */
export const boundedLoad: Clause = {
  id: 'C7',
  title: 'bounded load on the source',
  judge(measurement, budgets) {
    const { faultAtMs, healAtMs } = measurement
    const reads = ofMain(measurement.operations).filter(
      ({ kind }) => kind === 'read' || measurement.writesRead === true,
    )
    const since = reads.filter(({ dueMs }) => dueMs >= faultAtMs)
    if (!since.some(({ dueMs }) => dueMs < healAtMs)) {
      return answers.notJudged('no read was due during the fault')
    }
    const loads = ofMain(measurement.loads).filter(({ atMs }) => atMs >= faultAtMs)
    const busiest = mostInASecond(reads.map(({ dueMs }) => dueMs))
    const peak = mostInASecond(loads.map(({ atMs }) => atMs))
    const numbers = {
      reads: since.length,
      loads: loads.length,
      loadsPerRead: loads.length / since.length,
      busiestReadsPerSecond: busiest,
      peakLoadsPerSecond: peak,
      peakBudgetPerSecond: budgets.peakLoadsPerRead * busiest,
    }
    const tooMany = loads.length > budgets.loadsPerRead * since.length + LATE_LOADS
    if (tooMany) {
      return answers.fail(
        {
          happened: `The source was read ${loads.length} times for ${quantity(since.length, 'read')} of callers.`,
          cause: 'a read of the source is repeated, for one caller, because the cache failed',
          change:
            'read the source once for a miss, whatever becomes of the write back, and never retry around both',
        },
        numbers,
      )
    }
    if (peak > numbers.peakBudgetPerSecond) {
      return answers.fail(
        {
          happened: `The source was read ${peak} times within one second, although callers never asked for more than ${busiest} (budget ${numbers.peakBudgetPerSecond}).`,
          cause: 'reads had been waiting for the cache, gave up together, and went to the source together',
          change:
            'a short deadline for every call, so that nothing piles up, and single-flight with a limit on loads at once',
        },
        numbers,
      )
    }
    return answers.pass(
      `${quantity(loads.length, 'read')} of the source for ${quantity(since.length, 'read')} of callers, at most ${peak} in a second (${busiest} asked for)`,
      numbers,
    )
  },
}

function ofMain<T extends { process: Measurement['loads'][number]['process'] }>(records: readonly T[]): T[] {
  return records.filter(({ process }) => process === 'main')
}

function mostInASecond(times: readonly number[]): number {
  const sorted = [...times].sort((left, right) => left - right)
  let first = 0
  let most = 0
  sorted.forEach((time, index) => {
    while (time - (sorted[first] as number) >= SECOND_MS) first += 1
    most = Math.max(most, index - first + 1)
  })
  return most
}
