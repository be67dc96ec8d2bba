import { z } from 'zod'
import { drillHistory } from './drill-history-schema.js'
import {
  amount,
  count,
  ended,
  listOf,
  long,
  number,
  oneOf,
  positive,
  short,
  verdict,
  witness,
  yesOrNo,
} from './report-fields.js'

const CLAUSES = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'] as const

const clause = z.object({
  id: oneOf(CLAUSES, 'clause'),
  title: short,
  result: oneOf(['pass', 'fail', 'not judged'], 'result of a clause'),
  evidence: long,
  numbers: z.record(z.string(), number.nullable(), { error: 'is no group of numbers' }),
  finding: z.object({ happened: long, cause: long, change: long, show: long.optional() }).optional(),
})

const phase = z.object({
  name: oneOf(['before', 'during', 'after'], 'phase'),
  durationMs: amount,
  operations: count,
  errors: count,
  pending: count,
  p50Ms: amount.nullable(),
  p99Ms: amount.nullable(),
  worstMs: amount.nullable(),
  hitRatio: amount.nullable(),
  sourcePerSecond: amount,
})

const narrowing = z.object({
  only: listOf(short, 1000, 'commands').optional(),
  family: short.optional(),
  probability: amount.optional(),
})

const STEPS = 100_000
const column = <Item extends z.ZodType>(item: Item) => listOf(item, STEPS, 'steps')
const series = z.object({
  faultAtMs: amount,
  healAtMs: amount,
  endMs: amount,
  stepMs: positive,
  atMs: column(amount),
  p50Ms: column(amount.nullable()),
  worstMs: column(amount.nullable()),
  operations: column(amount),
  errors: column(amount),
  pending: column(amount),
  hits: column(amount),
  fallbacks: column(amount),
  // Of what was written before it was counted, no step is known to be late.
  late: column(amount).default([]),
  checks: z.object({ allowed: column(amount), denied: column(amount), uncounted: column(amount) }).optional(),
  sourcePerSecond: column(amount).optional(),
  rssBytes: column(amount.nullable()),
  sockets: column(amount.nullable()),
  inFlight: column(amount.nullable()),
})

const drill = z.object({
  name: short.min(1, 'is empty'),
  subject: short,
  verdict,
  witness,
  clauses: listOf(clause, CLAUSES.length, 'clauses'),
  phases: listOf(phase, 3, 'phases'),
  timeToFallbackMs: number.nullable(),
  computedFallback: z.object({ worstMs: amount.nullable(), client: short, because: long }).optional(),
  timeToDetectMs: number.nullable(),
  timeToRecoverMs: number.nullable(),
  sourceLoadFactor: amount.nullable(),
  reason: long.optional(),
  series: series.optional(),
  history: drillHistory.optional(),
  timeline: listOf(
    z.object({ fault: short, atMs: amount, forMs: amount, narrowing: narrowing.optional() }),
    1000,
    'faults',
  ).optional(),
})

const ownServer = z.object({
  service: oneOf(['redis', 'upstash', 'supabase'], 'service'),
  variables: listOf(short, 100, 'variables'),
  name: short,
  host: short,
  port: count,
  production: yesOrNo,
  hasDoor: yesOrNo,
})

const app = z.object({
  command: long,
  ready: long,
  probes: listOf(long, 1000, 'probes'),
  variables: listOf(short, 1000, 'variables'),
  isRunning: z.literal(true).optional(),
  ownServers: z
    .object({ servers: listOf(ownServer, 100, 'servers'), written: listOf(short, 1000, 'keys') })
    .optional(),
})

const sharedServer = z.object({
  target: z.object({
    name: short,
    address: short,
    database: count,
    production: yesOrNo,
    fingerprint: short,
    role: oneOf(['master', 'replica'], 'role').nullable(),
    version: short.nullable(),
    runId: short.nullable(),
    cluster: yesOrNo,
  }),
  otherClients: count.nullable(),
  keys: z.object({ prefix: short, removed: count.nullable(), left: count.nullable() }),
})

/**
 * All that is read of a report that `cache simulate-outage` saved. Nothing else of it gets any further, as with
 * `loadReportSchema`; a column of a series may be shorter than the others, and is then drawn so.
 *
 * Records outlive the version that wrote them, so that fields are only ever added here, in the history and in the report of a load
 * test, and none is removed, renamed or narrowed: a new one is `.optional()`, or has a `.default()` that stands for not knowing. A word
 * may be added to a `oneOf`.
 */
export const drillReportSchema = z.object({
  schema: z.literal('cache.simulate-outage/1'),
  command: z.literal('simulate-outage', { error: 'is not simulate-outage' }),
  ...ended,
  subject: short,
  seed: count,
  ratePerSecond: positive,
  plan: z.object({ beforeMs: amount, duringMs: amount, afterMs: amount }),
  narrowing: narrowing.optional(),
  drills: listOf(drill, 1000, 'drills'),
  summary: z.object({ passed: count, failed: count, inconclusive: count, clausesNotJudged: count }),
  environment: z.object({ server: long, emulated: listOf(short, 20, 'parts') }),
  app: app.optional(),
  sharedServer: sharedServer.optional(),
})
