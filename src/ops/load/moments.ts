import type { LoadMoments } from '../report/load-report.js'
import { SLOT_MS, type LoadRun, type Slot } from './load-run.js'
import { none } from './none.js'
import { quantileOf } from './window.js'

/** Slots that make the second which has to be well. */
const SECOND = 1000 / SLOT_MS
/** Of the answers in that second these may be slow, or the source's; of the hits of `before` that much must be back. */
const SLOW = 0.05
const FALLBACKS = 0.05
const HITS = 0.9

/** When what happened after the fault and after the heal; null without a fault. See docs/slo.md for what each is. */
export function momentsOf(run: LoadRun): LoadMoments | null {
  const { fault, faultAtMs, endMs, slowMs, firstSlow, firstFallback, firstSign, hitsUnseen } = run
  if (fault === none.name || faultAtMs >= endMs) return null
  // A fault that was narrowed begins when it first meets what it is meant for.
  const since = (atMs: number) => Math.max(0, atMs - (run.metAtMs ?? faultAtMs))
  return {
    firstSlowMs: firstSlow && since(firstSlow.dueMs),
    slowMs,
    fallbackMs: firstFallback && !hitsUnseen ? since(firstFallback.endMs) : null,
    detectedMs: firstSign && since(firstSign.atMs),
    sign: firstSign && firstSign.text,
    recoveredMs: recoveredMs(run),
    herdFactor: herdFactor(run),
    waitedSeconds: waitedSeconds(run),
  }
}

/** Whether it lasted long enough after the heal to tell. */
export function couldRecover(run: LoadRun): boolean {
  return slotsAfter(run).length >= SECOND
}

function slotsAfter({ slots, healAtMs, endMs }: LoadRun): Slot[] {
  return slots.filter(({ atMs }) => atMs >= healAtMs && atMs + SLOT_MS <= endMs)
}

/** From the heal to the start of the first slot since from which on a whole second was well. */
function recoveredMs(run: LoadRun): number | null {
  const { healAtMs, hitsUnseen } = run
  const { hits, reads } = run.windows.before
  const leastHits = hitsUnseen || reads === 0 ? 0 : HITS * (hits / reads)
  const since = slotsAfter(run)
  for (let first = 0; first + SECOND <= since.length; first += 1) {
    if (isWell(since.slice(first, first + SECOND), leastHits)) return since[first]!.atMs - healAtMs
  }
  return null
}

function isWell(slots: readonly Slot[], leastHits: number): boolean {
  const sum = (pick: (slot: Slot) => number) => slots.reduce((total, slot) => total + pick(slot), 0)
  const sent = sum((each) => each.sent)
  const reads = sum((each) => each.reads)
  return (
    sent > 0 &&
    sum((each) => each.errors + each.pending) === 0 &&
    sum((each) => each.slow) <= SLOW * sent &&
    sum((each) => each.fallbacks) <= FALLBACKS * reads &&
    sum((each) => each.hits) >= leastHits * reads
  )
}

function herdFactor({ seconds, windows, loadsUnseen }: LoadRun): number | null {
  const { loads, durationMs } = windows.before
  if (loadsUnseen || loads === 0) return null
  const worst = seconds
    .filter(({ phase, window }) => phase === 'after' && window.durationMs > 0)
    .map(({ window }) => window.loads / window.durationMs)
  return worst.length === 0 ? null : Math.max(...worst) / (loads / durationMs)
}

/** Whoever was never answered has waited until the run ended, at least. */
function waitedSeconds({ windows, slots, faultAtMs, endMs }: LoadRun): number | null {
  const usual = quantileOf(windows.before, 0.99)
  if (usual === null || !Number.isFinite(usual)) return null
  const answered = windows.during.latency.beyondMs(usual) + windows.after.latency.beyondMs(usual)
  const unanswered = slots
    .filter(({ atMs }) => atMs + SLOT_MS > faultAtMs && atMs < endMs)
    .reduce((sum, { atMs, pending }) => sum + pending * Math.max(0, endMs - atMs - usual), 0)
  return (answered + unanswered) / 1000
}
