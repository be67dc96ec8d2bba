import type { Settings } from '../config/schema.js'
import type { Subject } from '../experiment/subjects/subject.js'
import type { Fault } from '../faults/fault.js'
import type { Budgets } from './clauses/clause.js'

const MIB = 1024 * 1024

/** What a drill on Redis is judged against; docs/clauses says why each is what it is. */
export const BUDGETS: Readonly<Budgets> = {
  p99Ms: 250,
  worstMs: 1000,
  sourceWaitMs: 0,
  inFlightMs: 2000,
  rssGrowthBytes: 64 * MIB,
  socketGrowth: 4,
  socketPerOperation: false,
  printedBytesPerOperation: 256,
  commandsPerOperation: 3,
  loadsPerRead: 1,
  peakLoadsPerRead: 2,
  recoverMs: 5000,
  hitRatioShare: 0.9,
  staleMs: 1000,
  detectMs: 2000,
}

/** Over HTTP: three times the deadline, and no pipeline. */
const OVER_REST: Readonly<Budgets> = { ...BUDGETS, p99Ms: 500, socketPerOperation: true }

/**
 * Over a source of truth that is asked by HTTP as well. Of records every write is an invalidation, where half the writes of
 * other subjects store the new value: one read in nine has to load.
 */
const OVER_SOURCE: Readonly<Budgets> = { ...OVER_REST, hitRatioShare: 0.8 }

/** Of a whole app that is asked over HTTP: its connections to its callers are among those that are counted. */
export function appBudgets(
  { source }: Pick<Subject, 'source'>,
  fault: Parameters<typeof budgetsFor>[1],
  declared?: DeclaredBudgets,
): Readonly<Budgets> {
  return budgetsFor({ protocol: 'rest', ...(source && { source }) }, fault, declared)
}

/** Where a service promises something else, in its project file. */
export type DeclaredBudgets = Settings['outage']['budgets']

/** What a drill is judged against. A fault's own time comes on top of what is declared, too. */
export function budgetsFor(
  { protocol, source }: Pick<Subject, 'protocol' | 'source'>,
  { looksAgainWithinMs = 0, sourceWaitMs = 0 }: Pick<Fault, 'looksAgainWithinMs' | 'sourceWaitMs'>,
  declared: DeclaredBudgets = {},
): Readonly<Budgets> {
  const ours = source !== undefined ? OVER_SOURCE : protocol === 'rest' ? OVER_REST : BUDGETS
  const usual: Budgets = {
    ...ours,
    p99Ms: declared.p99 ?? ours.p99Ms,
    worstMs: declared.worst ?? ours.worstMs,
    detectMs: declared.detect ?? ours.detectMs,
    recoverMs: declared.recover ?? ours.recoverMs,
    staleMs: declared.stale ?? ours.staleMs,
    loadsPerRead: declared.loadsPerRead ?? ours.loadsPerRead,
    peakLoadsPerRead: declared.peakLoadsPerRead ?? ours.peakLoadsPerRead,
    inFlightMs: declared.inFlight ?? ours.inFlightMs,
    rssGrowthBytes: declared.memoryGrowth === undefined ? ours.rssGrowthBytes : declared.memoryGrowth * MIB,
    socketGrowth: declared.socketGrowth ?? ours.socketGrowth,
    printedBytesPerOperation: declared.printedBytesPerOperation ?? ours.printedBytesPerOperation,
    commandsPerOperation: declared.commandsPerOperation ?? ours.commandsPerOperation,
    hitRatioShare: declared.hitRatioShare ?? ours.hitRatioShare,
  }
  return {
    ...usual,
    p99Ms: usual.p99Ms + sourceWaitMs,
    worstMs: usual.worstMs + sourceWaitMs,
    sourceWaitMs,
    recoverMs: usual.recoverMs + looksAgainWithinMs,
  }
}
