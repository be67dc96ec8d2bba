import type { PhaseName } from '../experiment/measurement.js'
import { count } from './count.js'
import type { Batch, LoadVitals } from './generator/messages.js'
import { OUTCOME } from './generator/outcome.js'
import { createHistogram } from './histogram.js'
import type { FirstSeen, LoadRun } from './load-run.js'
import { countPart, type PartOf } from './parts.js'
import { createSeconds, type Seconds } from './seconds.js'
import { createSlots } from './slots.js'
import { createStages } from './stages.js'
import { createUsage } from './usage.js'
import { quantileOf } from './window.js'

/** Slow is twice the p99 of `before`, and so much more than it at least. */
const SLOW_FACTOR = 2
const SLOW_FLOOR_MS = 5

export interface TallyPlan {
  duringMs: number
  afterMs: number
  /** How long the windows `onset` and `recovery` are; at most half of their phase. */
  transitionMs: number
  /** Absent: the parts of the traffic are not told apart. */
  partOf?: PartOf | undefined
}

export type Tallied = Pick<
  LoadRun,
  'windows' | 'seconds' | 'slots' | 'slowMs' | 'firstSlow' | 'firstFallback' | 'beats'
>

/**
 * Counts what a worker reports, as it comes in, in the phase in which it was due, or happened. Times are ms since the first
 * instant of `before`. What it keeps grows with time (a histogram each second) and not with the operations.
 */
export interface Tally {
  /** @param knownMs no boundary that is set later lies before this: what is due after it waits for that */
  add(batch: Batch, knownMs: number): void
  unstarted(dueMs: ArrayLike<number>): void
  loads(atMs: ArrayLike<number>): void
  vitals(records: readonly LoadVitals[]): void
  beats(lateMs: ArrayLike<number>): void
  /** What is due from here on belongs to `during`. */
  fault(atMs: number): void
  /** And from here on to `after`. */
  heal(atMs: number): void
  /** What is due, or happens, from here on belongs to no phase. May lie ahead. */
  end(atMs: number): void
  /** Once the end is known. Nothing may be added afterwards. */
  result(): Tallied
}

type Operation = readonly [outcome: number, dueMs: number, startMs: number, endMs: number]

export function createTally({ duringMs, afterMs, transitionMs, partOf }: TallyPlan): Tally {
  const stages = createStages()
  const slots = createSlots()
  const usage = createUsage(stages)
  const beats = createHistogram()
  const phases: { name: PhaseName; fromMs: number; seconds: Seconds }[] = []
  let held: Operation[] = []
  let endMs = Infinity
  let slowMs: number | null = null
  let firstSlow: FirstSeen | null = null
  let firstFallback: FirstSeen | null = null

  const beginPhase = (name: PhaseName, fromMs: number) =>
    phases.push({ name, fromMs, seconds: createSeconds(name, fromMs) })
  const secondAt = (atMs: number) =>
    (phases.findLast(({ fromMs }) => fromMs <= atMs) ?? phases[0]!).seconds.at(atMs)
  const faultAtMs = () => phases[1]?.fromMs ?? Infinity

  beginPhase('before', 0)

  const fold = (operation: Operation) => {
    const [outcome, dueMs, startMs, settledMs] = operation
    const stage = stages.at(dueMs)
    if (!stage) return
    count(stage, outcome, dueMs, settledMs)
    count(secondAt(dueMs), outcome, dueMs, settledMs)
    const part = partOf?.(outcome)
    if (part) countPart(stage.parts, part, { outcome, dueMs, endMs: settledMs })
    if (!Number.isNaN(startMs)) stage.lateness.record(startMs - dueMs)
    const sinceFault = dueMs >= faultAtMs()
    const isAnswered = !Number.isNaN(settledMs)
    const isSlow = sinceFault && slowMs !== null && !(settledMs - dueMs <= slowMs)
    slots.count(outcome, dueMs, settledMs, isSlow && isAnswered)
    if (!sinceFault) return
    const seen = { dueMs, endMs: isAnswered ? settledMs : Infinity }
    if (isSlow) firstSlow = earlier('dueMs', firstSlow, seen)
    // The first to be answered need not be the first that was due.
    if (outcome & OUTCOME.fallback && isAnswered) firstFallback = earlier('endMs', firstFallback, seen)
  }
  const release = (knownMs: number) => {
    const waiting = held
    held = []
    for (const operation of waiting) {
      if (operation[1] < knownMs) fold(operation)
      else held.push(operation)
    }
  }

  return {
    add: (batch, knownMs) => {
      release(knownMs)
      for (let index = 0; index < batch.dueMs.length; index += 1) {
        const operation = rowOf(batch, index)
        if (operation[1] < knownMs) fold(operation)
        else held.push(operation)
      }
    },
    unstarted: (dueMs) => {
      for (const each of Array.from(dueMs)) {
        const stage = stages.at(each)
        if (!stage) continue
        stage.unstarted += 1
        secondAt(each).unstarted += 1
      }
    },
    loads: (atMs) => {
      for (const each of Array.from(atMs)) {
        const stage = stages.at(each)
        if (!stage) continue
        stage.loads += 1
        secondAt(each).loads += 1
        slots.load(each)
      }
    },
    vitals: (records) => {
      for (const vitals of records) {
        usage.look(vitals)
        if (!stages.at(vitals.atMs)) continue
        const second = secondAt(vitals.atMs)
        second.rssMaxBytes = Math.max(second.rssMaxBytes ?? 0, vitals.rssBytes)
      }
    },
    beats: (lateMs) => Array.from(lateMs).forEach(beats.record),
    fault: (atMs) => {
      release(atMs)
      const before = stages.at(0)
      const p99Ms = before && quantileOf(before, 0.99)
      if (p99Ms !== null && Number.isFinite(p99Ms))
        slowMs = Math.max(SLOW_FACTOR * p99Ms, p99Ms + SLOW_FLOOR_MS)
      stages.begin('onset', atMs, Math.min(transitionMs, duringMs / 2))
      beginPhase('during', atMs)
    },
    heal: (atMs) => {
      release(atMs)
      stages.begin('recovery', atMs, Math.min(transitionMs, afterMs / 2))
      beginPhase('after', atMs)
    },
    end: (atMs) => {
      endMs = Math.max(0, atMs)
      stages.end(endMs)
    },
    result: () => {
      release(endMs)
      return {
        windows: stages.windows(),
        seconds: phases.flatMap(({ seconds }, index) => seconds.until(phases[index + 1]?.fromMs ?? endMs)),
        slots: slots.until(endMs),
        slowMs,
        firstSlow,
        firstFallback,
        beats,
      }
    },
  }
}

function rowOf({ outcome, dueMs, startMs, endMs }: Batch, index: number): Operation {
  return [outcome[index]!, dueMs[index]!, startMs[index]!, endMs[index]!]
}

function earlier(by: keyof FirstSeen, seen: FirstSeen | null, other: FirstSeen): FirstSeen {
  return seen === null || other[by] < seen[by] ? other : seen
}
