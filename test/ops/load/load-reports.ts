import { createHistogram } from '../../../src/ops/load/histogram.js'
import type {
  LoadPhase,
  LoadPhaseName,
  LoadReport,
  LoadSecond,
  LoadTransitionName,
  SloResult,
} from '../../../src/ops/report/load-report.js'

/** A phase of five healthy seconds at 200/s. */
export function phase<Name extends LoadPhaseName | LoadTransitionName>(
  name: Name,
  overrides: Partial<LoadPhase<Name>> = {},
): LoadPhase<Name> {
  const latency = createHistogram()
  for (const ms of [1, 1, 2, 3]) latency.record(ms)
  return {
    name,
    durationMs: 5000,
    scheduled: 1000,
    sent: 1000,
    ok: 1000,
    errors: 0,
    pending: 0,
    p50Ms: 1,
    p90Ms: 1.4,
    p95Ms: 2,
    p99Ms: 3,
    p999Ms: 9,
    maxMs: 12,
    uncertain: ['p999'],
    hitRatio: 0.9,
    sourcePerSecond: 20,
    unstarted: 0,
    denied: 0,
    serverErrors: 0,
    reads: 900,
    hits: 810,
    fallbacks: 0,
    fallbackRatio: 0,
    loads: 100,
    checks: 0,
    uncounted: 0,
    overAdmitted: 0,
    rssMaxBytes: 141 * 1024 * 1024,
    cpuMs: 120,
    printedBytes: 40_000,
    histogram: latency.encode(),
    ...overrides,
  }
}

/** In the outage every answer takes longer, and comes from the source. */
export const AWAY: Partial<LoadPhase> = {
  p50Ms: 24,
  p90Ms: 37,
  p95Ms: 60,
  p99Ms: 262,
  maxMs: 290,
  hitRatio: 0,
  fallbackRatio: 1,
  fallbacks: 900,
  hits: 0,
  loads: 1000,
  sourcePerSecond: 200,
  printedBytes: 118_000,
  rssMaxBytes: 149 * 1024 * 1024,
}

export function seconds(phases: readonly LoadPhase[], perPhase = 5): LoadSecond[] {
  return phases.flatMap((each, index) =>
    Array.from({ length: each.sent === 0 ? 0 : perPhase }, (_, second) => ({
      phase: each.name,
      atMs: (index * perPhase + second) * 1000,
      durationMs: 1000,
      sent: each.sent / perPhase,
      errors: each.errors / perPhase,
      pending: each.pending / perPhase,
      p99Ms: each.p99Ms,
      hitRatio: each.hitRatio,
      sourcePerSecond: each.sourcePerSecond,
      denied: each.denied / perPhase,
      fallbackRatio: each.fallbackRatio,
    })),
  )
}

export const slo = (text: string, result: SloResult['result'], evidence: string): SloResult => ({
  slo: text,
  result,
  evidence,
  actual: null,
  limit: null,
  heldFromMs: null,
})

/** A run under `stall` that misses one of three promises. */
export function loadReport(overrides: Partial<LoadReport> = {}): LoadReport {
  const phases = overrides.phases ?? [phase('before'), phase('during', AWAY), phase('after')]
  return {
    schema: 'cache.load-test/1',
    command: 'load-test',
    verdict: 'fail',
    subject: 'library',
    fault: 'stall',
    seed: 7,
    ratePerSecond: 200,
    plan: { beforeMs: 5000, duringMs: 5000, afterMs: 5000 },
    witness: { witnessed: true, evidence: '400 commands held back', counts: {} },
    generator: { latenessP99Ms: 1.2, limitMs: 5, unstarted: 0 },
    phases,
    timeline: seconds(phases),
    slos: [
      slo('during.errors == 0', 'pass', 'got 0'),
      slo('during.p99 < 250ms', 'fail', 'got 262 ms'),
      slo('after.p999 < 1s', 'not judged', 'after.p999 needs 10,000 operations, there were 1,000'),
    ],
    inWords: 'A hung Redis costs your users +58 ms p95 and your database 10 x; nobody gets an error.',
    environment: { server: 'redis-server 7.0.15', emulated: [] },
    ...overrides,
  }
}

/** The same with all that a run with a fault has besides. */
export function wholeReport(overrides: Partial<LoadReport> = {}): LoadReport {
  return loadReport({
    traffic: {
      parts: [
        { name: 'auth.validation', weight: 3, keys: 300 },
        { name: 'conv', weight: 5, keys: 500 },
        { name: 'llm.policy', weight: 1, keys: 100 },
        { name: 'conv-config', weight: 1, keys: 100 },
      ],
      limiterShare: 0.1,
    },
    transitions: [
      phase('onset', { ...AWAY, durationMs: 2000, sent: 400 } as object),
      phase('settled', { ...AWAY, durationMs: 3000, sent: 600, p99Ms: 40, maxMs: 41 } as object),
      phase('recovery', { durationMs: 2000, sent: 400 }),
      phase('recovered', { durationMs: 3000, sent: 600 }),
    ],
    moments: {
      firstSlowMs: 100,
      slowMs: 8,
      fallbackMs: 250,
      detectedMs: 130,
      sign: 'status: down',
      recoveredMs: 1200,
      herdFactor: 1.44,
      waitedSeconds: 31.4,
    },
    ...overrides,
  })
}
