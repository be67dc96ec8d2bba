import type { PhaseName } from '../experiment/measurement.js'
import { addWindow } from './count.js'
import type { Second } from './load-run.js'
import { createWindow, type Window } from './window.js'

const SECOND_MS = 1000
/** Phases end by a timer, some hundred microseconds early or late. */
const NEARLY_MS = 50

/** The seconds of one phase, as they come to be. */
export interface Seconds {
  at(atMs: number): Window
  /** All of them, those in which nothing happened as well; what is left at the end belongs to the last. */
  until(endMs: number): Second[]
}

export function createSeconds(phase: PhaseName, fromMs: number): Seconds {
  const windows: Window[] = []
  const nth = (index: number) => {
    while (windows.length <= index) windows.push(createWindow(fromMs + windows.length * SECOND_MS))
    return windows[index]!
  }
  return {
    at: (atMs) => nth(Math.max(0, Math.floor((atMs - fromMs) / SECOND_MS))),
    until: (endMs) => {
      const durationMs = endMs - fromMs
      if (durationMs <= 0) return []
      const last = Math.max(1, Math.floor((durationMs + NEARLY_MS) / SECOND_MS)) - 1
      nth(last)
      for (const rest of windows.splice(last + 1)) addWindow(windows[last]!, rest)
      for (const window of windows) window.durationMs = SECOND_MS
      windows[last]!.durationMs = durationMs - last * SECOND_MS
      return windows.map((window) => ({ phase, window }))
    },
  }
}
