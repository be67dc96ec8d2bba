import { systemClock } from '../src/library/kernel/clock.js'
import { BREAKER } from '../src/library/resilience/default-breaker.js'
import { Guard } from '../src/library/resilience/guard.js'
import { median } from './statistics.js'
import { printTable, promise } from './table.js'

const ROUNDS = 9
const CALLS = 50_000
const DEADLINE_MS = 100
const MOST_US = 3

/** What deadline and breaker cost an operation, apart from any backend. */
export async function benchGuard(): Promise<void> {
  const answered = Promise.resolve('value')
  const operation = () => answered
  const guard = new Guard({ breaker: BREAKER, clock: systemClock, deadlineMs: DEADLINE_MS, probe: operation })
  const bare: number[] = []
  const guarded: number[] = []
  for (let round = -2; round < ROUNDS; round++) {
    const without = await microsPerCall(operation)
    const under = await microsPerCall(() => guard.run(operation, DEADLINE_MS))
    // The first rounds only make the compiler see the code.
    if (round < 0) continue
    bare.push(without)
    guarded.push(under)
  }
  guard.close()
  const overhead = guarded.map((took, round) => took - bare[round]!)
  printTable([
    ['guard around an answer that is there', `µs per call, median of ${ROUNDS} (least–most)`],
    ['await alone', micros(bare)],
    ['await under the guard', micros(guarded)],
    ['difference', micros(overhead)],
  ])
  const cost = median(overhead)
  promise(`guard: ≤ ${MOST_US} µs per operation`, `${cost.toFixed(2)} µs`, cost <= MOST_US)
}

async function microsPerCall(call: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  for (let index = 0; index < CALLS; index++) await call()
  return ((performance.now() - startedAt) * 1000) / CALLS
}

const micros = (times: readonly number[]) =>
  `${median(times).toFixed(2)} (${Math.min(...times).toFixed(2)}–${Math.max(...times).toFixed(2)})`
