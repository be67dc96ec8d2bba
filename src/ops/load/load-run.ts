import type { LimiterDeclaration } from '../experiment/limiting.js'
import type { PhaseName, Signal } from '../experiment/measurement.js'
import type { Witness } from '../report/drill-report.js'
import type { Histogram } from './histogram.js'
import type { Window, WindowName } from './window.js'

/** About a second of one phase; the last of a phase also holds what is left of it. */
export interface Second {
  phase: PhaseName
  /** Without lateness; of what processes used it has the memory. */
  window: Window
}

/** A quarter of a second, which is what moments are found with. */
export interface Slot {
  /** Since the first instant of `before`. */
  atMs: number
  /** Answered or given up by now, of what was due in it. */
  sent: number
  errors: number
  pending: number
  /** Of what was due since the fault and answered, took longer than `slowMs`. */
  slow: number
  reads: number
  hits: number
  fallbacks: number
  loads: number
}

export const SLOT_MS = 250

/** An operation that was due after the fault; ms since the first instant of `before`, Infinity for never. */
export interface FirstSeen {
  dueMs: number
  endMs: number
}

/** Everything that one run under load showed; the judge reads nothing else. Its size does not depend on the rate. */
export interface LoadRun {
  fault: string
  subject: string
  seed: number
  ratePerSecond: number
  /** Just before the fault was applied; equal to `endMs` when the run ended before it. */
  faultAtMs: number
  /** When it was in force: whatever applies it had done so. */
  inForceMs: number
  /** When it began to be lifted, and when it was. */
  liftingMs: number
  healAtMs: number
  endMs: number
  windows: Record<WindowName, Window>
  seconds: Second[]
  slots: Slot[]
  /** An answer that took longer, while Redis is away, is slow: twice the p99 of `before`, and 5 ms more than it at least. */
  slowMs: number | null
  /** The first that was due, and the first that was answered. */
  firstSlow: FirstSeen | null
  firstFallback: FirstSeen | null
  /** Of the subject, since the fault: its status, what it logged, a metric. */
  firstSign: Signal | null
  /** Lateness of the machine itself, seen by a thread that has nothing else to do; empty where nobody looked. */
  beats: Histogram
  /** Whether what starts late is the generator's doing even while the fault lasts, as the subject is a process of its own. */
  apart: boolean
  limiters: LimiterDeclaration[]
  witness: Witness
  /** When a fault that was narrowed first did something. Absent: at once. */
  metAtMs?: number
  /** Nothing is known of what is answered from the cache. */
  hitsUnseen: boolean
  /** Nothing is known of how often the source is asked. */
  loadsUnseen: boolean
  /** Why there was no load, in one sentence. */
  unprepared: string | null
  /** What ended by itself: the subject's process. */
  died: string | null
  /** A worker was killed from outside, or did not hand in what it had: which, and when, in one sentence. */
  lost: string | null
  stoppedBy: string | null
  interruptedIn: PhaseName | null
  environment: { server: string; emulated: string[] }
}
