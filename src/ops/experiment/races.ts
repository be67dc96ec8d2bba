import { keysOf } from './keys.js'
import type { ProcessName } from './measurement.js'
import type { PlannedOperation } from './workload.js'

/** How long the source takes over a key of a race. */
export const RACED_LOAD_MS = 60
/** Well within that, and after the read has begun. */
const INVALIDATE_AFTER_MS = 20
/** By then the load has been answered and whatever it stores is stored. */
const LOOK_AFTER_MS: Readonly<Record<ProcessName, number>> = { second: 250, main: 300 }
const BETWEEN_RACES_MS = 15
const BETWEEN_JOINS_MS = 60
/** Redis is back, and a good client too; what remains is for looking. */
const BEGIN_AFTER_MS = 1000

/**
 * *Raced*, in `after`, once for each of 50 keys that nobody has read before: `main` misses and loads; while the source takes its
 * time, `second` invalidates the key; then the load answers what was there when it began, and `main` stores it. Both look
 * at the key afterwards. Ordered by `dueMs`.
 */
export function races(process: ProcessName, healAtMs: number, afterMs: number): PlannedOperation[] {
  const beginMs = beginOf(healAtMs, afterMs)
  return keysOf('raced')
    .flatMap((key, index): PlannedOperation[] => {
      const atMs = beginMs + index * BETWEEN_RACES_MS
      const looked = { dueMs: atMs + LOOK_AFTER_MS[process], kind: 'read', key, group: 'raced' } as const
      return process === 'main'
        ? [{ dueMs: atMs, kind: 'read', key, group: 'raced' }, looked]
        : [{ dueMs: atMs + INVALIDATE_AFTER_MS, kind: 'invalidate', key, group: 'raced' }, looked]
    })
    .sort((left, right) => left.dueMs - right.dueMs)
}

/** Within the load, in ms after its begin: another caller comes, the key is invalidated, and then somebody asks once more. */
const JOINED = { joins: 10, invalidates: 20, asksAgain: 45 } as const

/**
 * *Joined*, in `after` and by `main` alone, where the subject reads through: two callers wait for one load; meanwhile the key is
 * invalidated, and whoever asks from then on may not be given what that load answers. Ordered by `dueMs`.
 */
export function joins(healAtMs: number, afterMs: number): PlannedOperation[] {
  const beginMs = beginOf(healAtMs, afterMs)
  const of = (key: string, atMs: number): PlannedOperation[] => {
    const about = { key, group: 'joined' } as const
    return [
      { dueMs: atMs, kind: 'read', ...about },
      { dueMs: atMs + JOINED.joins, kind: 'read', ...about },
      { dueMs: atMs + JOINED.invalidates, kind: 'invalidate', ...about },
      { dueMs: atMs + JOINED.asksAgain, kind: 'read', ...about },
      { dueMs: atMs + LOOK_AFTER_MS.main, kind: 'read', ...about },
    ]
  }
  return keysOf('joined')
    .flatMap((key, index) => of(key, beginMs + index * BETWEEN_JOINS_MS))
    .sort((left, right) => left.dueMs - right.dueMs)
}

function beginOf(healAtMs: number, afterMs: number): number {
  return healAtMs + Math.min(BEGIN_AFTER_MS, afterMs * 0.4)
}

/** Two plans as one, the second of which may be endless. */
export function* together(
  some: readonly PlannedOperation[],
  others: Iterable<PlannedOperation>,
): Generator<PlannedOperation, void, void> {
  let next = 0
  for (const other of others) {
    for (let each = some[next]; each && each.dueMs <= other.dueMs; each = some[next]) {
      yield each
      next += 1
    }
    yield other
  }
  yield* some.slice(next)
}
