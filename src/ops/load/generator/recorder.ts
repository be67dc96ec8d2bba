import { Column, floats, integers } from './column.js'
import type { Batch } from './messages.js'
import { OUTCOME } from './outcome.js'

/** Keeps what became of operations until it is handed out; takes no more memory the longer a run lasts. */
export interface Recorder {
  /** Whether one more may be begun. */
  hasRoom(): boolean
  /**
   * One begins.
   * @param outcome what it counts as if it is never answered
   * @returns where it is kept until it settles
   */
  begin(dueMs: number, startMs: number, outcome: number): number
  /** It has come to an end. Null: it will never be answered. After `pending` it stays what it was reported as. */
  settle(place: number, endMs: number, outcome: number | null): void
  /** One was due and there was no room for it. */
  refuse(dueMs: number, outcome: number): void
  inFlight(): number
  /** What has settled since the last call. */
  take(): Batch
  /** What has not settled, as never answered; nothing settles after this. */
  pending(): Batch
}

/** @param most how many may be in flight at a time */
export function createRecorder(most: number): Recorder {
  const settled = columns()
  const due = floats(most)
  const start = floats(most)
  const outcomes = integers(most)
  const isTaken = new Uint8Array(most)
  // The places that are free, the last one used first.
  const free = Uint32Array.from({ length: most }, (_, index) => most - 1 - index)
  let left = most
  let isClosed = false

  return {
    hasRoom: () => left > 0,
    begin: (dueMs, startMs, outcome) => {
      const place = free[--left]!
      due[place] = dueMs
      start[place] = startMs
      outcomes[place] = outcome
      isTaken[place] = 1
      return place
    },
    settle: (place, endMs, outcome) => {
      if (isClosed) return
      settled.push(due[place]!, start[place]!, outcome === null ? NaN : endMs, outcome ?? outcomes[place]!)
      isTaken[place] = 0
      free[left++] = place
    },
    refuse: (dueMs, outcome) => settled.push(dueMs, NaN, NaN, outcome | OUTCOME.refused),
    inFlight: () => most - left,
    take: () => settled.take(),
    pending: () => {
      isClosed = true
      const rest = columns()
      for (let place = 0; place < most; place++)
        if (isTaken[place] === 1) rest.push(due[place]!, start[place]!, NaN, outcomes[place]!)
      return rest.take()
    },
  }
}

function columns(): { push(due: number, start: number, end: number, outcome: number): void; take(): Batch } {
  const dueMs = new Column(floats)
  const startMs = new Column(floats)
  const endMs = new Column(floats)
  const outcome = new Column(integers)
  return {
    push: (due, start, end, became) => {
      dueMs.push(due)
      startMs.push(start)
      endMs.push(end)
      outcome.push(became)
    },
    take: () => ({
      dueMs: dueMs.take(),
      startMs: startMs.take(),
      endMs: endMs.take(),
      outcome: outcome.take(),
    }),
  }
}
