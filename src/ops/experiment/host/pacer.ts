import { monotonicMs } from '../monotonic.js'
import type { PlannedOperation } from '../workload.js'

type Due = Pick<PlannedOperation, 'dueMs'>

/** Starts operations when they are due. */
export interface Pacer<T extends Due = PlannedOperation> {
  /** Several plans may be under way at once. */
  play(plan: Iterable<T>): void
  stop(): void
}

/**
 * An open model: an operation starts when it is due, whatever became of earlier ones. The timer is set anew from the
 * clock each time, so that lateness does not add up; operations that came due meanwhile start together.
 *
 * @param originMs the absolute instant from which `dueMs` counts
 */
export function createPacer<T extends Due = PlannedOperation>(
  originMs: number,
  start: (operation: T) => void,
): Pacer<T> {
  const timers = new Set<NodeJS.Timeout>()
  let stopped = false

  const advance = (rest: Iterator<T>, first: IteratorResult<T>) => {
    let next = first
    while (!stopped && !next.done && next.value.dueMs <= monotonicMs() - originMs) {
      start(next.value)
      next = rest.next()
    }
    if (stopped || next.done) return
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        advance(rest, next)
      },
      Math.max(0, next.value.dueMs - (monotonicMs() - originMs)),
    )
    timers.add(timer)
  }

  return {
    play: (plan) => {
      const rest = plan[Symbol.iterator]()
      advance(rest, rest.next())
    },
    stop: () => {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
