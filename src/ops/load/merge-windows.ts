import type { LoadPhaseName, LoadSecond } from '../report/load-report.js'
import { createHistogram } from './histogram.js'
import { checkAnswers, decodedIn, type SavedReport, type SavedWindow } from './saved-report.js'
import { addParts } from './parts.js'
import { createWindow, WINDOWS, type Window, type WindowName } from './window.js'

/** What nobody saw in one of the parts is not known of the whole. */
export interface Unseen {
  hitsUnseen: boolean
  loadsUnseen: boolean
}

const COUNTS = [
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
] as const satisfies (keyof Window)[]

/** The windows that every part has, added up. */
export function mergedWindows(parts: readonly SavedReport[]): {
  windows: ReadonlyMap<WindowName, Window>
  unseen: Unseen
} {
  const windows = new Map<WindowName, Window>()
  for (const name of WINDOWS) {
    const those = parts.flatMap(({ windows: saved }) => saved.get(name) ?? [])
    if (those.length < parts.length) continue
    const whole = added(those.map(windowOf))
    // Without those of one generator the others are not the whole.
    if (those.some((saved) => saved.parts === undefined)) whole.parts.clear()
    windows.set(name, whole)
  }
  const phases = parts.flatMap(({ windows: saved }) => [...saved.values()].map(({ phase }) => phase))
  return {
    windows,
    unseen: {
      hitsUnseen: phases.some(({ hitRatio, reads }) => hitRatio === null && reads > 0),
      loadsUnseen: phases.some(({ loads }) => loads === null),
    },
  }
}

/** A second of a phase, as every part saw it. */
export interface MergedSecond {
  phase: LoadPhaseName
  window: Window
  /** Since the phase's start. */
  endMs: number
}

/**
 * The seconds of each phase beside those of the other parts, from the phase's start on: generators are not begun at the same
 * instant, and phases are. Ratios and percentiles are of what was added up; without the counts of a part there is no timeline.
 */
export function mergedSeconds(parts: readonly SavedReport[]): MergedSecond[] {
  const windowsOf = parts.map(({ file, report: { timeline } }) =>
    timeline.map((second, at) => ({ phase: second.phase, window: secondOf(file, second, at) })),
  )
  if (windowsOf.some((seconds) => seconds.some(({ window }) => window === null))) return []
  return (['before', 'during', 'after'] as const).flatMap((phase) => {
    const lines = windowsOf.map((seconds) =>
      seconds.flatMap((second) => (second.phase === phase && second.window ? [second.window] : [])),
    )
    const length = Math.min(...lines.map((line) => line.length))
    if (length === 0) return []
    const startMs = Math.min(...lines.map((line) => line[0]!.fromMs))
    return Array.from({ length }, (_, at) => {
      // One part may have had a second more, of some milliseconds: it belongs to the last.
      const window = added(lines.map((line) => (at === length - 1 ? inOne(line.slice(at)) : line[at]!)))
      window.fromMs = Math.min(...lines.map((line) => line[at]!.fromMs))
      return { phase, window, endMs: window.fromMs + window.durationMs - startMs }
    })
  })
}

/** One after the other. */
function inOne(windows: readonly Window[]): Window {
  const durationMs = windows.reduce((sum, window) => sum + window.durationMs, 0)
  return windows.length === 1 ? windows[0]! : { ...added(windows), durationMs }
}

/** Beside each other. */
function added(windows: readonly Window[]): Window {
  const whole = createWindow(Math.min(...windows.map(({ fromMs }) => fromMs)))
  whole.latency = createHistogram()
  // The widest first: a histogram keeps the range that it was first made for, and the sum is to be the same text in any order.
  for (const { latency } of windows.toSorted((left, right) => right.latency.maxMs - left.latency.maxMs)) {
    whole.latency.add(latency)
  }
  for (const window of windows) {
    for (const name of COUNTS) whole[name] += window[name]
    whole.durationMs = Math.max(whole.durationMs, window.durationMs)
  }
  const parts = windows.flatMap((window) => [...window.parts.values()])
  addParts(
    whole.parts,
    parts.toSorted((left, right) => right.latency.maxMs - left.latency.maxMs),
  )
  const all = (pick: (window: Window) => number | null) => {
    const known = windows.flatMap((window) => pick(window) ?? [])
    return known.length < windows.length ? null : known
  }
  const rss = all(({ rssMaxBytes }) => rssMaxBytes)
  whole.rssMaxBytes = rss && Math.max(...rss)
  whole.cpuMs = all(({ cpuMs }) => cpuMs)?.reduce((sum, each) => sum + each, 0) ?? null
  whole.printedBytes = all(({ printedBytes }) => printedBytes)?.reduce((sum, each) => sum + each, 0) ?? null
  return whole
}

function windowOf({ phase, latency, parts }: SavedWindow): Window {
  const window = createWindow(0)
  addParts(window.parts, parts ?? [])
  for (const name of COUNTS) window[name] = phase[name] ?? 0
  const { durationMs, rssMaxBytes, cpuMs, printedBytes } = phase
  return { ...window, durationMs, rssMaxBytes, cpuMs, printedBytes, latency }
}

/** Null when it has not what can be added up. */
function secondOf(file: string, second: LoadSecond, at: number): Window | null {
  const { histogram, reads, hits, fallbacks, loads, sent, errors, pending, denied, durationMs, atMs } = second
  if (histogram === undefined || reads === undefined || hits === undefined || fallbacks === undefined)
    return null
  const latency = decodedIn(file, `timeline[${at}]`, histogram)
  checkAnswers(file, `timeline[${at}]`, { answered: sent - pending, sent, pending }, latency)
  return {
    ...createWindow(atMs),
    durationMs,
    sent,
    errors,
    pending,
    denied,
    ok: Math.max(0, latency.count - errors - denied),
    reads,
    hits,
    fallbacks,
    loads: loads ?? 0,
    latency,
    rssMaxBytes: second.rssBytes ?? null,
  }
}
