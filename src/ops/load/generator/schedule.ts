import type { Alarm } from './alarm.js'
import { Column, floats } from './column.js'

/** Begins what is due when it is due, whatever became of what was begun before: an open model. */
export interface Schedule {
  /** Nothing that is due from here on is begun. Resolves when all that was due before has been, or could not be, begun. */
  finish(endMs: number): Promise<void>
  /** When that was due which there was no time to begin. */
  unstarted(): Float64Array
}

interface ScheduleOptions {
  /** In order, and endless. */
  due: Iterator<number, unknown>
  /** On the clock of `due`. */
  nowMs: () => number
  alarm: Alarm
  begin: (dueMs: number, startMs: number) => void
}

/** What is begun in one turn of the event loop: more would keep answers waiting that are there already. */
const TURN_MS = 1
const LEAST_A_TURN = 4
/** After the end, for what became due just before it. */
const CATCH_UP_MS = 50

/** Nothing is ever skipped: what there was no time for is begun late, and what was not begun at the end is told. */
export function startSchedule({ due, nowMs, alarm, begin }: ScheduleOptions): Schedule {
  const unstarted = new Column(floats, 64)
  let resolveEnded: () => void
  const ended = new Promise<void>((resolve) => (resolveEnded = resolve))
  let next = due.next().value as number
  let endMs = Infinity

  const advance = () => {
    let now = nowMs()
    const turnEndsMs = now + TURN_MS
    const isOver = () => next >= endMs || now > endMs + CATCH_UP_MS
    for (let begun = 0; next <= now && !isOver(); begun++) {
      if (begun >= LEAST_A_TURN && now > turnEndsMs) break
      begin(next, now)
      next = due.next().value as number
      now = nowMs()
    }
    if (isOver()) return end()
    alarm.set(next - now, advance)
  }
  const end = () => {
    alarm.stop()
    for (; next < endMs; next = due.next().value as number) unstarted.push(next)
    resolveEnded()
  }
  alarm.set(next - nowMs(), advance)

  return {
    finish: (atMs) => {
      endMs = atMs
      // What waits may be due only after the end.
      alarm.set(0, advance)
      return ended
    },
    unstarted: () => unstarted.take(),
  }
}
