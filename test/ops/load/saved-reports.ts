import { createHistogram } from '../../../src/ops/load/histogram.js'
import { parseSavedReport, type SavedReport } from '../../../src/ops/load/saved-report.js'
import type { LoadPhase, LoadReport } from '../../../src/ops/report/load-report.js'

/** What a phase saw; `ms` are the times of what was answered. */
export interface Seen {
  ms: readonly number[]
  errors?: number
  denied?: number
  pending?: number
  reads?: number
  hits?: number
  fallbacks?: number
  loads?: number | null
}

const PLAN = { beforeMs: 5000, duringMs: 10_000, afterMs: 10_000 }

export function phase<Name extends string>(
  name: Name,
  { ms, errors = 0, denied = 0, pending = 0, reads = 0, hits = 0, fallbacks = 0, loads = 0 }: Seen,
): LoadPhase<Name> {
  const latency = createHistogram()
  for (const each of ms) latency.record(each)
  const sent = ms.length + pending
  return {
    name,
    durationMs: 10_000,
    scheduled: sent,
    sent,
    ok: ms.length - errors - denied,
    errors,
    pending,
    denied,
    // What is compared and merged is computed from the histogram.
    p50Ms: null,
    p90Ms: null,
    p95Ms: null,
    p99Ms: null,
    p999Ms: null,
    maxMs: null,
    uncertain: [],
    hitRatio: reads === 0 ? null : hits / reads,
    sourcePerSecond: (loads ?? 0) / 10,
    unstarted: 0,
    serverErrors: 0,
    reads,
    hits,
    fallbacks,
    fallbackRatio: reads === 0 ? null : fallbacks / reads,
    loads,
    checks: 0,
    uncounted: 0,
    overAdmitted: 0,
    rssMaxBytes: 100_000_000,
    cpuMs: sent * 0.2,
    printedBytes: 0,
    histogram: latency.encode(),
  }
}

/** A sound run of the library under `stall`, in which `seen` was seen. */
export function loadReport(
  seen: Partial<Record<'before' | 'during' | 'after', Seen>> = {},
  more: Partial<LoadReport> = {},
): LoadReport {
  const steady = { ms: [1, 1, 1, 2, 2] }
  return {
    schema: 'cache.load-test/1',
    command: 'load-test',
    verdict: 'pass',
    subject: 'library',
    fault: 'stall',
    seed: 1,
    ratePerSecond: 200,
    plan: PLAN,
    witness: { witnessed: true, evidence: '20 of 20 connections held', counts: {} },
    generator: { latenessP99Ms: 1, limitMs: 5, unstarted: 0 },
    phases: (['before', 'during', 'after'] as const).map((name) => phase(name, seen[name] ?? steady)),
    timeline: [],
    slos: [],
    inWords: null,
    environment: { server: 'Redis 7.2', emulated: [] },
    ...more,
  }
}

/** As it comes back from a file. */
export function saved(report: LoadReport, file = 'a.json'): SavedReport {
  return parseSavedReport(file, JSON.stringify(report))
}
