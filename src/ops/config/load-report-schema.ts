import { z } from 'zod'
import {
  amount,
  count,
  ended,
  listOf,
  long,
  number,
  oneOf,
  positive,
  short as text,
} from './report-fields.js'

/** A histogram of an hour in microseconds, every bucket of it filled, is shorter. */
const histogram = z.string({ error: 'is no histogram' }).max(256 * 1024, 'is longer than any histogram')

const window = {
  durationMs: amount,
  sent: count,
  errors: count,
  pending: count,
  denied: count,
}

const part = z.object({
  kind: z.enum(['endpoint', 'family', 'limiter'], { error: 'is no kind of part' }),
  name: text,
  sent: count,
  ok: count,
  errors: count,
  denied: count,
  pending: count,
  histogram,
})

const phase = <Name extends string>(names: readonly Name[]) =>
  z.object({
    name: z.enum(names, { error: 'is no phase' }),
    ...window,
    scheduled: count,
    ok: count,
    unstarted: count,
    serverErrors: count,
    p50Ms: amount.nullable(),
    p90Ms: amount.nullable(),
    p95Ms: amount.nullable(),
    p99Ms: amount.nullable(),
    p999Ms: amount.nullable(),
    maxMs: amount.nullable(),
    uncertain: z.array(text, { error: 'is no list' }).max(10, 'has more than 10 percentiles'),
    sourcePerSecond: amount,
    reads: count,
    hits: count,
    fallbacks: count,
    loads: count.nullable(),
    checks: count,
    uncounted: count,
    overAdmitted: count,
    hitRatio: amount.nullable(),
    fallbackRatio: amount.nullable(),
    rssMaxBytes: amount.nullable(),
    cpuMs: amount.nullable(),
    printedBytes: amount.nullable(),
    histogram,
    parts: z.array(part).max(1000, 'has more than 1000 parts').optional(),
  })

/** What is shown of a part besides its histogram. */
const wholePart = part.extend({
  p50Ms: amount.nullable(),
  p95Ms: amount.nullable(),
  p99Ms: amount.nullable(),
  uncertain: listOf(text, 10, 'percentiles'),
})
const wholePhase = <Name extends string>(names: readonly Name[]) =>
  phase(names).extend({ parts: listOf(wholePart, 1000, 'parts').optional() })

const PHASES = ['before', 'during', 'after'] as const
const TRANSITIONS = ['onset', 'settled', 'recovery', 'recovered'] as const

const moments = z.object({
  firstSlowMs: amount.nullable(),
  slowMs: amount.nullable(),
  fallbackMs: amount.nullable(),
  detectedMs: amount.nullable(),
  sign: text.nullable(),
  recoveredMs: amount.nullable(),
  herdFactor: amount.nullable(),
  waitedSeconds: amount.nullable(),
})

const second = z.object({
  phase: z.enum(PHASES, { error: 'is no phase' }),
  atMs: amount,
  ...window,
  p99Ms: amount.nullable(),
  hitRatio: amount.nullable(),
  fallbackRatio: amount.nullable(),
  sourcePerSecond: amount,
  reads: count.optional(),
  hits: count.optional(),
  fallbacks: count.optional(),
  loads: count.nullable().optional(),
  histogram: histogram.optional(),
  rssBytes: amount.nullable().optional(),
})

/**
 * All that is read of a report that `cache load-test` saved. Nothing else of it gets any further: what nobody checked may be as deep,
 * as long or as strange as it likes.
 */
export const loadReportSchema = z.object({
  schema: z.literal('cache.load-test/1'),
  command: z.literal('load-test'),
  verdict: z.enum(['pass', 'fail', 'inconclusive'], { error: 'is no verdict' }),
  interrupted: z.literal(true).optional(),
  reason: text.optional(),
  subject: text.min(1, 'is empty'),
  fault: text.min(1, 'is empty'),
  seed: count,
  ratePerSecond: positive,
  arrivals: text.optional(),
  plan: z.object({ beforeMs: amount, duringMs: amount, afterMs: amount }),
  traffic: z
    .object({
      parts: z
        .array(z.object({ name: text, weight: amount, keys: count.optional() }))
        .max(1000, 'has more than 1000 parts'),
      limiterShare: amount,
    })
    .optional(),
  witness: z
    .object({
      witnessed: z.boolean({ error: 'is neither true nor false' }),
      evidence: text,
      counts: z.record(z.string(), count),
    })
    .nullable(),
  generator: z.object({
    latenessP99Ms: amount.nullable(),
    limitMs: amount,
    unstarted: count.optional(),
  }),
  phases: z.array(phase(PHASES)).max(PHASES.length, 'has more than three phases'),
  transitions: z.array(phase(TRANSITIONS)).max(TRANSITIONS.length, 'has more than four parts').optional(),
  timeline: z.array(second).max(10_000, 'has more than 10,000 seconds'),
  moments: moments.optional(),
  environment: z.object({ server: text, emulated: z.array(text).max(20, 'has more than 20 parts') }),
  merged: count.optional(),
  slos: z.array(z.unknown(), { error: 'is no list' }).max(1000, 'has more than 1000 promises'),
  repeat: z
    .object(
      {
        times: count,
        runs: z
          .array(
            z.object({
              reason: text.optional(),
              phases: z.array(phase(PHASES)).max(PHASES.length, 'has more than three phases'),
            }),
          )
          .max(100, 'has more than 100 runs')
          .optional(),
      },
      { error: 'is no object' },
    )
    .optional(),
})

const slo = z.object({
  slo: long,
  result: oneOf(['pass', 'fail', 'not judged'], 'result of an SLO'),
  evidence: long,
  actual: number.nullable(),
  limit: number.nullable(),
  from: z.literal('baseline').optional(),
  runs: z.object({ pass: count, fail: count, notJudged: count }).optional(),
  heldFromMs: number.nullable(),
})
const slos = listOf(slo, 1000, 'promises')

/** The whole report, for whoever shows it; percentiles and promises of each of several runs are in it as well. */
export const wholeLoadReportSchema = loadReportSchema.extend({
  ...ended,
  slos,
  inWords: long.nullable(),
  phases: listOf(wholePhase(PHASES), PHASES.length, 'phases'),
  transitions: listOf(wholePhase(TRANSITIONS), TRANSITIONS.length, 'parts').optional(),
  repeat: z
    .object({
      times: count,
      quorum: count,
      runs: listOf(
        z.object({
          verdict: ended.verdict,
          phases: listOf(wholePhase(PHASES), PHASES.length, 'phases'),
          slos,
          reason: long.optional(),
        }),
        100,
        'runs',
      ),
    })
    .optional(),
})
