import { askedIn, OUTCOME } from './generator/outcome.js'
import { addParts } from './parts.js'
import type { Window } from './window.js'

/** Counts an operation where it was due. @param endMs NaN: it was never answered */
export function count(window: Window, outcome: number, dueMs: number, endMs: number): void {
  window.sent += 1
  if (Number.isNaN(endMs)) {
    window.pending += 1
    return
  }
  window.latency.record(endMs - dueMs)
  if (outcome & OUTCOME.serverError) window.serverErrors += 1
  if (outcome & OUTCOME.overAdmitted) window.overAdmitted += 1
  if (outcome & OUTCOME.error) {
    window.errors += 1
    return
  }
  const asked = askedIn(outcome)
  if (asked === 'check') {
    window.checks += 1
    if (outcome & OUTCOME.uncounted) window.uncounted += 1
  }
  if (outcome & OUTCOME.denied) {
    window.denied += 1
    return
  }
  window.ok += 1
  if (asked !== 'read') return
  window.reads += 1
  if (outcome & OUTCOME.hit) window.hits += 1
  if (outcome & OUTCOME.fallback) window.fallbacks += 1
}

const COUNTS = [
  'durationMs',
  'sent',
  'unstarted',
  'ok',
  'errors',
  'serverErrors',
  'pending',
  'denied',
  'reads',
  'hits',
  'fallbacks',
  'loads',
  'checks',
  'uncounted',
  'overAdmitted',
] as const

/** As if everything in the other one had been counted here as well. Exact. */
export function addWindow(window: Window, other: Window): void {
  for (const each of COUNTS) window[each] += other[each]
  window.latency.add(other.latency)
  window.lateness.add(other.lateness)
  addParts(window.parts, other.parts.values())
  window.rssMaxBytes = both(window.rssMaxBytes, other.rssMaxBytes, Math.max)
  window.cpuMs = both(window.cpuMs, other.cpuMs, sum)
  window.printedBytes = both(window.printedBytes, other.printedBytes, sum)
}

const sum = (left: number, right: number) => left + right

function both(
  left: number | null,
  right: number | null,
  join: (left: number, right: number) => number,
): number | null {
  if (left === null) return right
  return right === null ? left : join(left, right)
}
