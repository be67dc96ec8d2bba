import type { Batch } from '../../../src/ops/load/generator/messages.js'
import { OUTCOME, outcomeOf, type Asked } from '../../../src/ops/load/generator/outcome.js'
import type { Window } from '../../../src/ops/load/window.js'

export interface Row {
  dueMs: number
  /** Null: it was never begun. @default dueMs */
  startMs?: number | null
  /** Null: it was never answered. @default 1 ms later */
  endMs?: number | null
  /** @default 'read' */
  asked?: Asked
  /** @default 0 */
  part?: number
  is?: readonly (keyof typeof OUTCOME)[]
}

/** As a worker sends them. */
export function batchOf(rows: readonly Row[]): Batch {
  const orNaN = (ms: number | null) => ms ?? Number.NaN
  return {
    dueMs: Float64Array.from(rows, ({ dueMs }) => dueMs),
    startMs: Float64Array.from(rows, ({ dueMs, startMs = dueMs }) => orNaN(startMs)),
    endMs: Float64Array.from(rows, ({ dueMs, endMs = dueMs + 1 }) => orNaN(endMs)),
    outcome: Uint32Array.from(rows, ({ asked = 'read', part = 0, is = [] }) =>
      outcomeOf(
        asked,
        part,
        is.reduce((bits, each) => bits | OUTCOME[each], 0),
      ),
    ),
  }
}

const COUNTED = /^(?!durationMs$|fromMs$)/

/** What of a window is neither nothing nor where it lies. */
export function countsOf(window: Window): Record<string, number> {
  return Object.fromEntries(
    Object.entries(window).filter(
      ([name, value]) => typeof value === 'number' && value !== 0 && COUNTED.test(name),
    ),
  ) as Record<string, number>
}
