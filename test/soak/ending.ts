import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../src/ops/experiment/monotonic.js'
import { MORTAL } from './faults/plan.js'
import type { Fleet } from './fleet.js'
import { grewTooMuch, type Growth } from './judge/growth.js'
import type { Violation } from './judge/violation.js'
import { LINES_PER_TEN_SECONDS } from './watch.js'

const ANSWERS_WITHIN_MS = 8000
const LOOK_EVERY_MS = 50

/** Nothing new begins; resolves when every process has told what is still under way, or has had its time. */
export async function stopAll(fleet: Fleet, finished: ReadonlyMap<string, number>): Promise<void> {
  for (const { process } of fleet.places) process.send({ type: 'stop' })
  const all = () => fleet.names.every((name) => finished.has(name))
  for (let waited = 0; waited < ANSWERS_WITHIN_MS && !all(); waited += LOOK_EVERY_MS)
    await sleep(LOOK_EVERY_MS)
}

/** What only the end can tell: operations that never settled, and what grew in the processes that lived all the time. */
export function foundAtEnd(run: {
  names: readonly string[]
  /** By process, how many operations were under way when it was over. */
  finished: ReadonlyMap<string, number>
  growth: readonly Growth[]
  seconds: number
}): Violation[] {
  const violation = (rule: Violation['rule'], what: string): Violation => {
    return { rule, what, key: null, atMs: monotonicMs() }
  }
  const pending = run.names
    .filter((name) => run.finished.get(name) !== 0)
    .map((name) => {
      const number = run.finished.get(name) ?? 'an unknown number of'
      return violation('pending', `process ${name} has ${number} operations under way at the end`)
    })
  const grown = run.growth
    .filter(({ process }) => process !== 'abcd'[MORTAL] && process.length === 1)
    .map((growth) => grewTooMuch(growth, run.seconds, LINES_PER_TEN_SECONDS))
    .filter((what) => what !== null)
    .map((what) => violation('growth', what))
  return [...pending, ...grown]
}
