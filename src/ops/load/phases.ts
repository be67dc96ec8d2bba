import { PHASES } from '../experiment/traffic.js'
import type { LoadPart, LoadPhase, LoadSecond, LoadTransitionName } from '../report/load-report.js'
import type { LoadRun, Second } from './load-run.js'
import type { Part } from './parts.js'
import { isEnough, samplesFor } from './slo/samples.js'
import { quantileOf, type Window, type WindowName } from './window.js'

const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 }

type Unseen = Pick<LoadRun, 'hitsUnseen' | 'loadsUnseen'>

/** The three phases as the report tells them. */
export function phasesOf(run: LoadRun): LoadPhase[] {
  return PHASES.map((name) => loadPhaseOf(name, run.windows[name], run))
}

/** In which things changed, and in which they had. */
export function transitionsOf(run: LoadRun): LoadPhase<LoadTransitionName>[] {
  const names: readonly LoadTransitionName[] = ['onset', 'settled', 'recovery', 'recovered']
  return names.map((name) => loadPhaseOf(name, run.windows[name], run))
}

export function timelineOf(run: LoadRun): LoadSecond[] {
  return run.seconds.map((second) => loadSecondOf(second, run))
}

/** A second as it is reported, with what it takes to add it to those of other generators. */
export function loadSecondOf({ phase, window }: Second, unseen: Unseen): LoadSecond {
  const { durationMs, sent, errors, pending, denied, reads, hits, fallbacks, loads, latency } = window
  return {
    phase,
    atMs: window.fromMs,
    durationMs,
    sent,
    errors,
    pending,
    p99Ms: percentile(window, PERCENTILES.p99),
    ...sharesOf(window, unseen),
    denied,
    reads,
    hits,
    fallbacks,
    loads: unseen.loadsUnseen ? null : loads,
    rssBytes: window.rssMaxBytes,
    histogram: latency.encode(),
  }
}

/** A window as it is reported. */
export function loadPhaseOf<Name extends WindowName>(
  name: Name,
  window: Window,
  unseen: Unseen,
): LoadPhase<Name> {
  const { durationMs, sent, ok, errors, pending, unstarted, denied, serverErrors } = window
  const { reads, hits, fallbacks, checks, uncounted, overAdmitted } = window
  const { rssMaxBytes, cpuMs, printedBytes } = window
  return {
    name,
    durationMs,
    scheduled: sent + unstarted,
    sent,
    ok,
    errors,
    pending,
    p50Ms: percentile(window, PERCENTILES.p50),
    p90Ms: percentile(window, PERCENTILES.p90),
    p95Ms: percentile(window, PERCENTILES.p95),
    p99Ms: percentile(window, PERCENTILES.p99),
    p999Ms: percentile(window, PERCENTILES.p999),
    maxMs: percentile(window, 1),
    uncertain: uncertainOf(sent),
    ...sharesOf(window, unseen),
    unstarted,
    denied,
    serverErrors,
    reads,
    hits,
    fallbacks,
    loads: unseen.loadsUnseen ? null : window.loads,
    checks,
    uncounted,
    overAdmitted,
    rssMaxBytes,
    cpuMs,
    printedBytes,
    histogram: window.latency.encode(),
    ...(isPhase(name) &&
      window.parts.size > 0 && { parts: [...window.parts.values()].toSorted(inOrder).map(loadPartOf) }),
  }
}

/** As a report has it; the kinds together, and in one order, whatever was asked first. */
function loadPartOf(part: Part): LoadPart {
  const { kind, name, sent, ok, errors, denied, pending, latency } = part
  return {
    kind,
    name,
    sent,
    ok,
    errors,
    denied,
    pending,
    p50Ms: percentile(part, PERCENTILES.p50),
    p95Ms: percentile(part, PERCENTILES.p95),
    p99Ms: percentile(part, PERCENTILES.p99),
    uncertain: uncertainOf(sent),
    histogram: latency.encode(),
  }
}

function isPhase(name: WindowName): boolean {
  return PHASES.some((each) => each === name)
}

function inOrder(left: Part, right: Part): number {
  const [one, other] = [`${left.kind} ${left.name}`, `${right.kind} ${right.name}`]
  return one < other ? -1 : one > other ? 1 : 0
}

function uncertainOf(sent: number): string[] {
  return Object.entries(PERCENTILES).flatMap(([label, share]) =>
    isEnough(sent, samplesFor(share)) ? [] : [label],
  )
}

function sharesOf(
  { hits, fallbacks, reads, loads, durationMs }: Window,
  { hitsUnseen, loadsUnseen }: Unseen,
) {
  const isUnknown = hitsUnseen || reads === 0
  return {
    hitRatio: isUnknown ? null : hits / reads,
    fallbackRatio: isUnknown ? null : fallbacks / reads,
    sourcePerSecond: durationMs > 0 && !loadsUnseen ? (loads * 1000) / durationMs : 0,
  }
}

function percentile(window: Pick<Window, 'latency' | 'pending'>, share: number): number | null {
  const ms = quantileOf(window, share)
  return ms === null || !Number.isFinite(ms) ? null : ms
}
