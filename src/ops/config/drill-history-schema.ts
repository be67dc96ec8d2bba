import { z } from 'zod'
import { amount, count, listOf, long, number, oneOf, short, yesOrNo } from './report-fields.js'

/** A run that has more is refused before it begins. */
const MOST = 1_000_000
const processName = oneOf(['main', 'second'], 'process')
const phaseName = oneOf(['before', 'during', 'after'], 'phase')

const operation = z.object({
  kind: oneOf(['read', 'put', 'invalidate'], 'kind of operation'),
  key: long,
  group: oneOf(['workload', 'revoked', 'contested', 'raced', 'joined'], 'group of keys'),
  process: processName,
  phase: phaseName,
  dueMs: number,
  startMs: number,
  endMs: number.nullable(),
  error: long.nullable(),
  version: number.nullable(),
  source: oneOf(['hit', 'load'], 'source of an answer').nullable(),
  foreignKey: long.optional(),
  viewer: oneOf(['owner', 'stranger', 'outsider'], 'viewer').optional(),
  denied: z.literal(true).optional(),
  forbidden: z.literal(true).optional(),
  altered: z.literal(true).optional(),
  shared: z.literal(true).optional(),
  status: count.optional(),
  clear: z.literal(true).optional(),
  opaque: z.literal(true).optional(),
})

const write = z.object({
  key: long,
  version: number,
  process: processName,
  committedMs: number,
  acknowledgedMs: number.nullable(),
})

const check = z.object({
  limiter: short,
  identifier: long.optional(),
  startMs: number,
  endMs: number.nullable(),
  error: long.nullable(),
  allowed: yesOrNo.nullable(),
  counted: yesOrNo,
})

/** What `--history` keeps of a drill. Grows as `drillReportSchema` does. */
export const drillHistory = z.object({
  operations: listOf(operation, MOST, 'operations'),
  writes: listOf(write, MOST, 'writes'),
  loads: listOf(z.object({ key: long, process: processName, atMs: number }), MOST, 'loads'),
  signals: listOf(
    z.object({ kind: oneOf(['status', 'log', 'metric'], 'kind of sign'), atMs: number, text: long }),
    MOST,
    'signs',
  ),
  vitals: listOf(
    z.object({
      atMs: number,
      rssBytes: amount,
      sockets: amount,
      inFlight: amount,
      printedBytes: amount,
      cpuWaitMs: amount.optional(),
    }),
    MOST,
    'moments',
  ),
  checks: listOf(check, MOST, 'checks').optional(),
})
