import type { Measurement, PhaseName } from '../experiment/measurement.js'
import { limitsOf, PHASES } from '../experiment/traffic.js'
import { quantile } from '../experiment/quantile.js'
import type { LoadPhase, LoadSecond } from '../report/load-report.js'
import { isEnough, samplesFor } from './slo/metrics.js'
import type { Observed } from './slo/judge-slo.js'
import { trafficOf, type TrafficWindow } from './traffic-window.js'

const SECOND_MS = 1000
/** Phases end by a timer, some hundred microseconds early or late. */
const NEARLY_MS = 50

const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 }

/** A run as the SLOs and the report look at it. */
export interface Phases extends Observed {
  summary(): LoadPhase[]
  timeline(): LoadSecond[]
}

/** Cuts a measurement into its phases, and each phase into seconds that begin where the phase begins. */
export function phasesOf(measurement: Measurement): Phases {
  const traffic = trafficOf(measurement)
  const whole = new Map<PhaseName, TrafficWindow>()
  const cut = new Map<PhaseName, (LoadSecond & { window: TrafficWindow; endMs: number })[]>()
  for (const name of PHASES) {
    const [startMs, endMs] = limitsOf(measurement, name)
    whole.set(name, traffic.between(startMs, endMs))
    const limits = secondsOf(endMs - startMs)
    cut.set(
      name,
      limits.slice(1).map((toMs, index) => {
        const fromMs = limits[index]!
        const window = traffic.between(startMs + fromMs, startMs + toMs)
        return { ...secondOf(name, startMs + fromMs, window), window, endMs: toMs }
      }),
    )
  }
  const phase = (name: PhaseName) => whole.get(name)!
  const seconds = (name: PhaseName) => cut.get(name)!
  return {
    phase,
    seconds,
    summary: () =>
      PHASES.map((name) =>
        phaseOf(name, phase(name), scheduledIn(limitsOf(measurement, name), measurement.ratePerSecond)),
      ),
    timeline: () => PHASES.flatMap(seconds).map(({ window: _window, endMs: _endMs, ...second }) => second),
  }
}

/** 0, 1000, 2000, … and the end; what is left over belongs to the last one. */
function secondsOf(durationMs: number): number[] {
  if (durationMs <= 0) return []
  const count = Math.max(1, Math.floor((durationMs + NEARLY_MS) / SECOND_MS))
  return [...Array.from({ length: count }, (_, index) => index * SECOND_MS), durationMs]
}

/** Of evenly spaced arrivals, the first at zero. */
function scheduledIn([startMs, endMs]: [number, number], ratePerSecond: number): number {
  const until = (ms: number) => Math.ceil((ms * ratePerSecond) / 1000)
  return until(endMs) - until(startMs)
}

function phaseOf(name: PhaseName, window: TrafficWindow, scheduled: number): LoadPhase {
  const { durationMs, sent, ok, errors, pending, latencies } = window
  const percentile = (share: number) => orNull(quantile(latencies, share))
  return {
    name,
    durationMs,
    scheduled,
    sent,
    ok,
    errors,
    pending,
    p50Ms: percentile(PERCENTILES.p50),
    p90Ms: percentile(PERCENTILES.p90),
    p95Ms: percentile(PERCENTILES.p95),
    p99Ms: percentile(PERCENTILES.p99),
    p999Ms: percentile(PERCENTILES.p999),
    maxMs: orNull(latencies.at(-1)),
    uncertain: Object.entries(PERCENTILES).flatMap(([label, share]) =>
      isEnough(sent, samplesFor(share)) ? [] : [label],
    ),
    ...ratesOf(window),
    unstarted: scheduled - sent,
    denied: 0,
    serverErrors: 0,
    reads: window.reads,
    hits: window.hits,
    fallbacks: 0,
    fallbackRatio: null,
    loads: window.loads,
    checks: 0,
    uncounted: 0,
    overAdmitted: 0,
    rssMaxBytes: null,
    cpuMs: null,
    printedBytes: null,
    histogram: '',
  }
}

function secondOf(phase: PhaseName, atMs: number, window: TrafficWindow): LoadSecond {
  const { durationMs, sent, errors, pending, latencies } = window
  return {
    phase,
    atMs,
    durationMs,
    sent,
    errors,
    pending,
    p99Ms: orNull(quantile(latencies, 0.99)),
    ...ratesOf(window),
    denied: 0,
    fallbackRatio: null,
  }
}

function ratesOf({ hits, reads, loads, durationMs }: TrafficWindow) {
  return {
    hitRatio: reads === 0 ? null : hits / reads,
    sourcePerSecond: durationMs > 0 ? (loads * 1000) / durationMs : 0,
  }
}

function orNull(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined || !Number.isFinite(ms) ? null : ms
}
