import type { LoadPart, LoadPhase } from '../report/load-report.js'
import { decodeHistogram } from './histogram.js'
import { addParts, type Part, type Parts } from './parts.js'
import { loadPhaseOf } from './phases.js'
import { createWindow, type Window, type WindowName } from './window.js'

/**
 * A reported phase as it was measured, but for how late it was begun.
 *
 * @throws Error when its histogram is none
 */
export function windowOfPhase(phase: LoadPhase<WindowName>): Window {
  const parts: Parts = new Map()
  addParts(parts, (phase.parts ?? []).map(partOfReport))
  return {
    ...createWindow(0),
    ...phase,
    loads: phase.loads ?? 0,
    latency: decodeHistogram(phase.histogram),
    parts,
  }
}

function partOfReport(part: LoadPart): Part {
  return { ...part, latency: decodeHistogram(part.histogram) }
}

/** Both as one that lasted as long as both together: counts and histograms exactly, of memory the most. */
export function addWindows(left: Window, right: Window): Window {
  const latency = createWindow(0).latency
  const { lateness, parts } = createWindow(0)
  for (const each of [left, right]) {
    latency.add(each.latency)
    lateness.add(each.lateness)
    addParts(parts, each.parts.values())
  }
  const sum = (pick: (window: Window) => number) => pick(left) + pick(right)
  const known = (pick: (window: Window) => number | null, join: (one: number, other: number) => number) => {
    const [one, other] = [pick(left), pick(right)]
    return one === null || other === null ? null : join(one, other)
  }
  const added = (one: number, other: number) => one + other
  return {
    fromMs: left.fromMs,
    durationMs: sum((each) => each.durationMs),
    sent: sum((each) => each.sent),
    unstarted: sum((each) => each.unstarted),
    ok: sum((each) => each.ok),
    errors: sum((each) => each.errors),
    serverErrors: sum((each) => each.serverErrors),
    pending: sum((each) => each.pending),
    denied: sum((each) => each.denied),
    reads: sum((each) => each.reads),
    hits: sum((each) => each.hits),
    fallbacks: sum((each) => each.fallbacks),
    loads: sum((each) => each.loads),
    checks: sum((each) => each.checks),
    uncounted: sum((each) => each.uncounted),
    overAdmitted: sum((each) => each.overAdmitted),
    latency,
    lateness,
    parts,
    rssMaxBytes: known((each) => each.rssMaxBytes, Math.max),
    cpuMs: known((each) => each.cpuMs, added),
    printedBytes: known((each) => each.printedBytes, added),
  }
}

/** The same phase of several runs as one; of nothing it knows more than each of them. */
export function addPhases<Name extends WindowName>(phases: readonly LoadPhase<Name>[]): LoadPhase<Name> {
  return loadPhaseOf(phases[0]!.name, phases.map(windowOfPhase).reduce(addWindows), {
    hitsUnseen: phases.some(({ reads, hitRatio }) => reads > 0 && hitRatio === null),
    loadsUnseen: phases.some(({ loads }) => loads === null),
  })
}
